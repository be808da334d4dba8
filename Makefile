# 政务新媒体管理平台：make 列出可用的命令
.DEFAULT_GOAL := help
# The processes of both runs share what is compiled of the tests, also where the machine forbids it otherwise.
PYTEST := PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
# Without a database, or on SQLite files that they make themselves: the same on whatever database the suite runs.
OWN_DATABASE := --ignore=tests/core --ignore=tests/exam --ignore=tests/journeys/test_serve.py \
	$(patsubst %,--ignore=tests/house/test_%.py,clock figures glossary habits handbook law_in_rules lines no_skips package storeys)
# What pages say to whom, walked from link to link, and who may do what. Which rows a page gets is asked of both
# databases (test_scopes, test_pages_read, test_both_ways).
SAID_ALIKE := --ignore=tests/oracle \
	$(patsubst %,--ignore=tests/house/test_%.py,api_doors beside doors masking offers sent_twice)

help: ## 列出命令
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## 准备运行环境（.venv）
	@tools/setup.sh

demo: setup ## 造一个演示城市，做一次本周全覆盖检查，打开网页（登录名当场列出）
	@XINMEI_SECOND_FACTOR=off .venv/bin/xinmei demo --serve

run: setup ## 启动网页（数据在 ./var）
	@.venv/bin/xinmei serve

test: ## 准备环境并检查：风格、类型、分层、全部测试（SQLite）、真实浏览器里的走查
	@tools/setup.sh dev
	@$(MAKE) --no-print-directory lint
	$(PYTEST) -q

test-unit: ## 只测 xinmei/core：不用数据库，一分钟以内
	@tools/setup.sh dev
	$(PYTEST) -q tests/core

test-postgres: ## 在临时的 PostgreSQL 上再测数据库能改变的一切
	@tools/setup.sh dev
	tools/with_postgres.sh env $(PYTEST) -q -m "not browser" tests xinmei $(OWN_DATABASE) $(SAID_ALIKE)

lint: ## 风格、类型、分层、迁移
	@$(MAKE) --no-print-directory --output-sync=target -j2 types style

types:
	@.venv/bin/mypy

style:
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports
	@XINMEI_VAR=$$(mktemp -d) .venv/bin/xinmei manage makemigrations --check --dry-run

rules: ## 检查 rules/ 里的规则数据：每条都有命中和近似的例子
	@tools/setup.sh dev
	@$(PYTEST) -q tests/core

bench: setup ## 量一量检查的快慢怎样随账号个数增长（其余见 benchmarks/README.md）
	@.venv/bin/python benchmarks/inspection.py

pictures: ## 造一个演示城市，重拍手册和 README 里的图（要 Chromium）
	@tools/setup.sh dev
	@.venv/bin/python tools/take_pictures.py

lock: ## 按 requirements*.in 重新锁定依赖
	.venv/bin/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links -q requirements.in -o requirements.lock --python-version 3.11
	.venv/bin/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links -q requirements-dev.in -o requirements-dev.lock --python-version 3.11
	.venv/bin/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links -q requirements-cluster.in -o requirements-cluster.lock --python-version 3.11
	.venv/bin/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links -q requirements-s3.in -o requirements-s3.lock --python-version 3.11

.PHONY: help setup demo run test test-unit test-postgres lint types style rules bench pictures lock
