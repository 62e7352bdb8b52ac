"""The commands of the tip channel, and how they speak to whoever runs them. May ask every room."""
