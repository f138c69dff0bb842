"""What is answered over HTTP: the three doors that Slack knocks at, installing, and linking an account."""
