"""Calls whoever is on duty when an urgent tip lies unread: a command of the agency's own does it."""

import syslog

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from tips.handling import alarm
from tips.keeping.vault import vault_now
from tips.management.console import TipsCommand


class Command(TipsCommand):
    help = (
        "Kör kommandot i SAPO_TIPS_ALARM om ett brådskande tips ligger oläst: en gång för\n"
        f"varje tips, och igen om ingen har läst det på {alarm.AGAIN_AFTER // 3600} timmar. Det körs också varje\n"
        "morgon i nyckelringens sista vecka, tills nästa gäller. Kommandot får\n"
        f"inget veta om tipset, och har {alarm.PATIENCE} sekunder på sig. Slutar det med annat än 0\n"
        "försöker nästa körning igen, och felet står i journalen. Kör den varannan minut."
    )
    example = "tips_alarm --try"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--try",
            action="store_true",
            dest="is_trial",
            help="Kör kommandot nu, utan att något tips är brådskande: ett prov.",
        )

    def handle(self, *args: object, is_trial: bool, **options: object) -> None:
        command, vault = settings.TIPS_ALARM_COMMAND, vault_now()
        if not command:
            alarm.fall_silent(vault)
            if is_trial:
                raise CommandError("Inget jourlarm: SAPO_TIPS_ALARM är tom.")
            self.stdout.write("Inget jourlarm: SAPO_TIPS_ALARM är tom.")
            return
        try:
            if is_trial:
                alarm.call_duty(command)
            has_sounded = is_trial or alarm.sound(vault, command)
        except alarm.AlarmFailed as fault:
            words = f"Jourlarmet gick inte fram: {_in_words(fault)}."
            syslog.openlog("tips_alarm")
            syslog.syslog(syslog.LOG_ERR, words)
            raise CommandError(words) from None
        self.stdout.write("Jouren är larmad." if has_sounded else "Inget att larma om.")


def _in_words(fault: alarm.AlarmFailed) -> str:
    match fault.code:
        case None if fault.words:
            return f"kommandot går inte att starta ({fault.words})"
        case None:
            return f"kommandot blev inte klart på {alarm.PATIENCE} sekunder"
        case code:
            return f"kommandot slutade med {code}" + (f" ({fault.words})" if fault.words else "")
