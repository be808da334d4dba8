"""三级审核: a draft on its way from 拟稿 over 审核 and 审签 to the platforms.

「严格执行先审后发制度，落实工作人员、处（科）室负责人、分管领导三级审核公示制度」
"""
