"""人员与岗位: the pages. Posts are held at units, so the pages stand on this storey; the verbs are those of `xinmei.people.actions.posts`."""
