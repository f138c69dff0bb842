"""The modals: each is built, read back, and says what is wrong with it before anything is kept."""
