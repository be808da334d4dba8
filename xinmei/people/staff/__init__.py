"""人员与岗位: the pages. The verbs are those of `xinmei.people.actions.positions`."""
