"""Returned mails as real mail servers write them, about a mail of ours."""

from textwrap import dedent


def bounce(
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 No such user here",
) -> bytes:
    """A delivery status notification (RFC 3464) in the shape that Postfix gives it."""
    return _mail(
        f"""\
        From: MAILER-DAEMON@mx.people.example (Mail Delivery System)
        To: notices@contractorhub.example
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="A1B2.1/mx"

        --A1B2.1/mx
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        This is the mail system at host mx.people.example.

        --A1B2.1/mx
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.people.example
        X-Postfix-Queue-ID: A1B2
        Arrival-Date: Mon,  2 Mar 2026 09:00:01 +0000 (UTC)

        Final-Recipient: rfc822; person1@people.example
        Original-Recipient: rfc822;person1@people.example
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mail.people.example
        Diagnostic-Code: smtp; {said}
            (in reply to RCPT TO command)

        --A1B2.1/mx
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        From: ContractorHub <notices@contractorhub.example>
        To: Person 1 <person1@people.example>
        Subject: Work is paused
        Message-ID: {message_id}

        Hello

        --A1B2.1/mx--
        """
    )


def complaint(message_id: str) -> bytes:
    """An abuse report (RFC 5965)."""
    return _mail(
        f"""\
        From: <feedback@mail.example>
        To: notices@contractorhub.example
        Subject: Abuse report
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="part"

        --part
        Content-Type: text/plain

        This is an email abuse report.
        --part
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: SomeGenerator/1.0
        Version: 1
        --part
        Content-Type: text/rfc822-headers

        Message-ID: {message_id}
        --part--
        """
    )


def out_of_office(message_id: str) -> bytes:
    """The answer of a robot, which says nothing of the mail's fate."""
    return _mail(
        f"""\
        From: person1@people.example
        Subject: Out of office
        In-Reply-To: {message_id}
        Auto-Submitted: auto-replied

        I am away until Monday.
        """
    )


def _mail(words: str) -> bytes:
    return dedent(words).replace("\n", "\r\n").encode()
