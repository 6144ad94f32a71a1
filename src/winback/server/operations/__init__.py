"""What runs behind the pages, for the people of a workspace: the page Jobs."""
