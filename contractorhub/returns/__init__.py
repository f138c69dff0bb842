"""The doors for what comes back: bounced mails, words of mail providers, people who unsubscribe."""
