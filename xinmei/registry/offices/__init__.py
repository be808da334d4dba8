"""单位: who supervises whom and why, and what each unit has been."""
