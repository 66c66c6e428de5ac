"""Payment stories: messages in order, what is answered to each, and what is held and available after it.

A step is (id, kind, amount, options, answer, (held, posted, available)). Ids are small numbers that the
runner makes unique, keeping their order. Options:

    of=N        belongs to message N: names it (Matching_Txn_ID) and has its trace
    trace="b"   has that trace, whatever it names
    again=True  the same message sent again (SendingAttemptCount says so)
    frozen=True on the second card, which is frozen
    values={}   elements that differ from the kind's own

Variants run by runner.py: as told, every message doubled, neighbours swapped, and a kill after each step.
`swapped` says what is held at the end where an order gives another answer; None: no such swap.
"""

ADVICE = {"Authorised_by_GPS": "Y"}
STANDS = {"Authorised_by_GPS": "Y", "Txn_Stat_Code": "A", "Resp_Code_DE39": "00"}
FALLS = {"Authorised_by_GPS": "Y", "Txn_Stat_Code": "I", "Resp_Code_DE39": "05"}
PARTIAL = {"GPS_POS_Capability": "10001001001000000000000100000110000000000001134CR"}


class Story:
    def __init__(self, name, title, currency, posted, steps, swapped=None):
        self.name, self.title, self.currency, self.posted, self.steps = name, title, currency, posted, steps
        self.swapped = swapped or {}


STORIES = [
    Story("S3", "refused because of the fees, then smaller, then cancelled", "GBP", "40.50", [
        (1, "A", "-40.00", dict(values={"Fee_Fixed": "0.3000", "Fee_Rate": "0.4000"}), "51/1",
         ("0.00", "40.50", "40.50")),
        (2, "A", "-39.00", dict(values={"Fee_Fixed": "0.3000", "Fee_Rate": "0.3900"}), "00/1",
         ("39.69", "40.50", "0.81")),
        (3, "D", "39.00", dict(of=2), "00/1", ("0.00", "40.50", "40.50")),
    ]),
    Story("S4", "partial approval", "EUR", "30.00", [
        (1, "A", "-45.00", dict(values=PARTIAL), "10/1", ("30.00", "30.00", "0.00")),
        (1, "A", "-30.00", dict(values={**PARTIAL, **STANDS, "Resp_Code_DE39": "10"}), "00/1",
         ("30.00", "30.00", "0.00")),
    ]),
    Story("S4a", "refused, then approved in part elsewhere: the repeat hears the part", "EUR", "10.00", [
        (1, "A", "-60.00", {}, "51/1", ("0.00", "10.00", "10.00")),
        (1, "A", "-30.00", dict(values={**STANDS, "Resp_Code_DE39": "10", "Txn_Amt": "60.0000"}), "00/1",
         ("30.00", "10.00", "-20.00")),
        (1, "A", "-60.00", dict(again=True), "10/1", ("30.00", "10.00", "-20.00")),
    ]),
    Story("S4b", "approved whole, then in part elsewhere: the repeat hears the part", "EUR", "100.00", [
        (1, "A", "-60.00", {}, "00/1", ("60.00", "100.00", "40.00")),
        (1, "A", "-30.00", dict(values={**STANDS, "Resp_Code_DE39": "10", "Txn_Amt": "60.0000"}), "00/1",
         ("30.00", "100.00", "70.00")),
        (1, "A", "-60.00", dict(again=True), "10/1", ("30.00", "100.00", "70.00")),
    ]),
    Story("S5", "lost answer", "GBP", "100.00", [
        (5, "A", "-25.00", {}, "00/1", ("25.00", "100.00", "75.00")),
        (5, "A", "-25.00", dict(again=True, values=FALLS), "05/1", ("0.00", "100.00", "100.00")),
        (5, "A", "-25.00", dict(again=True, values=FALLS), "05/1", ("0.00", "100.00", "100.00")),
        (6, "A", "-25.00", {}, "00/1", ("25.00", "100.00", "75.00")),
    ]),
    Story("S6", "we were down, the stand-in approved", "GBP", "50.00", [
        (7, "A", "-60.00", dict(values=STANDS), "00/1", ("60.00", "50.00", "-10.00")),
        (8, "A", "-5.00", {}, "51/1", ("60.00", "50.00", "-10.00")),
    ], swapped={0: "65.00"}),
    Story("S7", "we declined, the stand-in approved", "EUR", "10.00", [
        (9, "A", "-12.00", {}, "51/1", ("0.00", "10.00", "10.00")),
        (9, "A", "-12.00", dict(values=STANDS), "00/1", ("12.00", "10.00", "-2.00")),
    ]),
    Story("S8", "a reversal overtakes its authorisation", "GBP", "80.00", [
        (11, "D", "15.00", dict(trace="b"), "00/1", ("0.00", "80.00", "80.00")),
        (10, "A", "-15.00", dict(trace="b"), "05/1", ("0.00", "80.00", "80.00")),
        (11, "D", "15.00", dict(trace="b", again=True), "00/1", ("0.00", "80.00", "80.00")),
    ]),
    Story("S8a", "a reversal overtakes an authorisation decided by the processor", "GBP", "80.00", [
        (11, "D", "15.00", dict(trace="b"), "00/1", ("0.00", "80.00", "80.00")),
        (10, "A", "-15.00", dict(trace="b", values=STANDS), "00/1", ("0.00", "80.00", "80.00")),
    ]),
    Story("S10", "duplicates", "GBP", "60.00", [
        (30, "A", "-10.00", {}, "00/1", ("10.00", "60.00", "50.00")),
        (30, "A", "-10.00", dict(again=True), "00/1", ("10.00", "60.00", "50.00")),
    ]),
    Story("S12", "the rest of a hold is released by the processor", "GBP", "100.00", [
        (1, "A", "-50.00", {}, "00/1", ("50.00", "100.00", "50.00")),
        (3, "D", "20.00", dict(of=1, values={"MTID": None}), "00/1", ("30.00", "100.00", "70.00")),
    ]),
    Story("S15", "partial reversal with a fee, three decimals", "KWD", "12.500", [
        (1, "A", "-1.250", dict(values={"Fee_Fixed": "0.0500"}), "00/1", ("1.300", "12.500", "11.200")),
        (2, "D", "0.500", dict(of=1, values={"MTID": "0420"}), "00/1", ("0.780", "12.500", "11.720")),
    ]),
    Story("S16", "a reversal with another Bill_Amt", "GBP", "100.00", [
        (1, "A", "-86.20", dict(values={"Txn_Amt": "100.0000", "Txn_CCy": "978"}), "00/1",
         ("86.20", "100.00", "13.80")),
        (2, "D", "85.90", dict(of=1, values={"Txn_Amt": "100.0000", "Txn_CCy": "978"}), "00/1",
         ("0.00", "100.00", "100.00")),
    ]),
    Story("S22", "cashback", "GBP", "70.00", [
        (1, "A", "-45.00", dict(values={"Proc_Code": "090000",
                                        "Additional_Amt_DE54": "0040826D000000002000"}), "00/1",
         ("45.00", "70.00", "25.00")),
        (3, "A", "-30.00", dict(values={"Proc_Code": "090000"}), "51/1", ("45.00", "70.00", "25.00")),
    ]),
    Story("S23", "account check and balance enquiry", "EUR", "15.00", [
        (1, "A", "0.00", dict(values={"Proc_Code": "390000", "auth_type": "V"}), "00/1",
         ("0.00", "15.00", "15.00")),
        (2, "A", "0.00", dict(frozen=True, values={"Proc_Code": "390000", "auth_type": "V"}), "62/1",
         ("0.00", "15.00", "15.00")),
        (3, "A", "0.00", dict(values={"Proc_Code": "300000"}), "00/1", ("0.00", "15.00", "15.00")),
        (4, "A", "-15.00", {}, "00/1", ("15.00", "15.00", "0.00")),
        (5, "D", "15.00", dict(of=4, values={"MTID": "0420"}), "00/1", ("0.00", "15.00", "15.00")),
    ]),
    Story("S24", "recurring", "GBP", "40.00", [
        (1, "A", "-9.99", dict(trace="m1", values={"GPS_POS_Data": "4151000300000Nx000211N0C0NCUXXU0"}),
         "00/1", ("9.99", "40.00", "30.01")),
    ]),
    Story("S29", "network stand-in, and a reversal before its advice", "GBP", "30.00", [
        (1, "J", "42.00", {}, "00/1", ("42.00", "30.00", "-12.00")),
        (2, "D", "9.00", dict(of=3), "00/1", ("42.00", "30.00", "-12.00")),
        (3, "J", "9.00", {}, "00/1", ("42.00", "30.00", "-12.00")),
    ]),
]


def is_request(step):
    """Asks for a decision."""
    values = step[3].get("values", {})
    return step[1] == "A" and values.get("Authorised_by_GPS", "N") == "N"


def may_swap(story, i):
    """Whether steps i and i + 1 may come the other way round: one of them is no request, and no request
    comes after its own closing advice."""
    first, second = story.steps[i], story.steps[i + 1]
    if is_request(first) and is_request(second):
        return False
    if first[0] == second[0]:
        return False
    return not (first[1] == second[1] == "D")
