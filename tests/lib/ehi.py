"""EHI messages as the processor sends them, and a client that sends them over mutual TLS.

Amounts are text with a point ("20.00"); the wire form with four decimals is made here. Only what a test
says differs from a plain Mastercard purchase.
"""
import http.client
import re
import ssl
from decimal import Decimal
from xml.sax.saxutils import escape

CURRENCIES = {"GBP": "826", "EUR": "978", "USD": "840", "JPY": "392", "KWD": "414"}

ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<{0} xmlns="http://tempuri.org/">{1}</{0}></s:Body></s:Envelope>'
)


def wire(amount):
    """The processor writes every amount with four decimals."""
    return "%.4f" % Decimal(amount)


def elements(values):
    return "".join("<%s>%s</%s>" % (name, escape(str(value)), name) for name, value in values.items())


def envelope(values, operation="GetTransaction"):
    return ENVELOPE.format(operation, elements(values)).encode()


def authorisation(txn_id, token, amount, currency, **changes):
    """0100 A, GPS N: a request for a decision. `amount` is signed as the cardholder sees it."""
    positive = wire(abs(Decimal(amount)))
    number = "%012d" % (txn_id % 10**12)
    values = {
        "Acquirer_id_DE32": "070551",
        "Auth_Code_DE38": number[-6:],
        "Bill_Amt": wire(amount),
        "Bill_Ccy": CURRENCIES[currency],
        "Fee_Fixed": "0.0000",
        "Fee_Rate": "0.0000",
        "FX_Pad": "0.0000",
        "MCC_Code": "5942",
        "MCC_Pad": "0.0000",
        "Merch_ID_DE42": "HB0000000417   ",
        "Merch_Name_DE43": "HEDGEROW BOOKS         SHREWSBURY    GBR",
        "POS_Termnl_DE41": "T4410072",
        "Proc_Code": "000000",
        "Resp_Code_DE39": "00",
        "Ret_Ref_No_DE37": number,
        "Settle_Amt": positive,
        "Settle_Ccy": CURRENCIES[currency],
        "Status_Code": "00",
        "Token": "%09d" % token,
        "Trans_link": "L" + number,
        "Txn_Amt": positive,
        "Txn_CCy": CURRENCIES[currency],
        "Txn_Ctry": "GBR",
        "Txn_GPS_Date": "2026-02-03 14:19:08.214",
        "TXn_ID": str(txn_id),
        "Txn_Stat_Code": "A",
        "TXN_Time_DE07": number[-10:],
        "Txn_Type": "A",
        "Authorised_by_GPS": "N",
        "MTID": "0100",
        "ProductID": "70101",
        "SubBIN": "99990001",
        "SendingAttemptCount": "0",
        "GPS_POS_Capability": "00001001001000000000000100000110000000000001134CR",
        "GPS_POS_Data": "0151000300000Nx000211N0C0NCUXXU0",
        "Response_Source_Why": "0",
        "Message_Why": "0",
        "traceid_lifecycle": "BNET-20260203-T" + number,
        "Merch_Name": "HEDGEROW BOOKS",
        "Merch_Country": "GBR",
        "auth_type": "0",
        "Matching_Txn_ID": "",
        "Network_Transaction_ID": "N" + number,
    }
    values.update(changes)
    return {name: value for name, value in values.items() if value is not None}


def reversal(txn_id, token, amount, currency, **changes):
    """0400 D: gives back what an authorisation took; `amount` is positive."""
    values = authorisation(txn_id, token, amount, currency, MTID="0400", Txn_Type="D", Resp_Code_DE39="32",
                           Message_Source="ACQUIRER", Message_Why="50", auth_type=None,
                           GPS_POS_Capability=None, GPS_POS_Data=None, Auth_Code_DE38=None)
    values.update(changes)
    return {name: value for name, value in values.items() if value is not None}


def advice(txn_id, token, amount, currency, **changes):
    """0120 J: the network decided; positive whatever the direction."""
    values = authorisation(txn_id, token, amount, currency, MTID="0120", Txn_Type="J", Settle_Amt="0.0000",
                           Message_Source="MC-STIP", Auth_Code_DE38=None)
    values.update(changes)
    return {name: value for name, value in values.items() if value is not None}


def cut_off(cutoff_id, product, first, last, counts=(0,) * 8):
    names = ("Auths", "Financials", "LoadsUnloads", "BalanceAdjustExpiry")
    values = {"CutoffID": cutoff_id, "ProductID": product, "CutoffDate": "2026-02-03 12:00:00.137",
              "FirstTxn_ID": first, "LastTxn_ID": last}
    for i, name in enumerate(names):
        values[name + "_Acknowledged"] = counts[2 * i]
        values[name + "_NotAcknowledged"] = counts[2 * i + 1]
    return values


class Answer:
    """What came back: the HTTP status and the elements of the result."""

    def __init__(self, status, text):
        self.status = status
        self.text = text
        self.values = dict(re.findall(r"<(\w+)>([^<]*)</\1>", text))

    @property
    def code(self):
        return self.values.get("Responsestatus", "")

    @property
    def acknowledged(self):
        return self.values.get("Acknowledgement", "")

    @property
    def decided(self):
        return self.status == 200 and "Responsestatus" in self.values

    def __str__(self):
        return "%s/%s" % (self.code, self.acknowledged) if self.decided else "HTTP %s" % self.status


class Client:
    """One kept-alive connection of the processor. Not for several threads."""

    def __init__(self, port, tls, path="/ehi", timeout=10):
        self.port, self.path, self.timeout = port, path, timeout
        self.context = ssl.create_default_context(cafile=tls + "/ca.pem")
        self.context.load_cert_chain(tls + "/client.pem", tls + "/client.key")
        self.connection = None

    def connect(self):
        """Opens the connection unless it is open; the daemon closes it with its last answer when it drains."""
        if self.connection is None or self.connection.sock is None:
            self.connection = http.client.HTTPSConnection("localhost", self.port, context=self.context,
                                                          timeout=self.timeout)
            self.connection.connect()

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send(self, values, operation="GetTransaction"):
        """Sends one message and returns its Answer. OSError or HTTPException: there was none."""
        action = '"http://tempuri.org/IEndpointVersion52/GetTransaction"'
        if operation != "GetTransaction":
            action = '"http://tempuri.org/%s"' % operation
        try:
            self.connect()
            self.connection.request("POST", self.path, envelope(values, operation),
                                    {"soapaction": action, "content-type": "application/xml"})
            response = self.connection.getresponse()
            text = response.read().decode()
            return Answer(response.status, text)
        except (OSError, http.client.HTTPException):
            self.close()
            raise
