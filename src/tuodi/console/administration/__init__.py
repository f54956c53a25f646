"""The administrator's pages: accounts, institutions with credentials, holidays; and the audit trail."""
