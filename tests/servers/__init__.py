"""What production consists of, started for real on free loopback ports: PostgreSQL, Redis, a mail server, and our own
web, worker and beat with the commands of docker-compose.yml, over the files that the image would hold.
"""

from .mail import Hold, MailServer
from .production import Production, production
from .programs import Program, wait_until
from .visitors import Visitor

__all__ = ["Hold", "MailServer", "Production", "Program", "Visitor", "production", "wait_until"]
