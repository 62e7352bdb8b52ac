"""What root runs on a machine, without Django: doctor, figures, mirrors, backups."""
