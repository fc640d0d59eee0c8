"""What several tests share: made bodies, acted sessions, displays, and what a page must hold."""
