"""What is answered where no app answers: errors, health, headers, the crisis page."""
