"""Messages: the guide's examples, rulings on form, what decides, and what is answered to bad input."""
import os
import random
import re
import xml.etree.ElementTree as tree

import wire

NS = "{http://tempuri.org/}"
RESULT = ["Responsestatus", "CurBalance", "AvlBalance", "Acknowledgement", "LoadAmount", "Bill_Amt_Approved",
          "Update_Balance", "New_Balance_Sequence_Exthost", "CurBalance_GPS_STIP", "AvlBalance_GPS_STIP"]
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"


def value(body, name):
    found = re.search(rb"<%s>([^<]*)</%s>" % (name.encode(), name.encode()), body)
    return found.group(1).decode() if found else None


def outcome(status, body):
    """(status, fault code) or (status, Responsestatus, Acknowledgement)."""
    if b"faultcode" in body:
        return status, value(body, "faultcode").split(":")[1]
    if b"Cut_OffResult" in body:
        return status, value(body, "Cut_OffResult")
    return (status, value(body, "Responsestatus"), value(body, "Acknowledgement")) if body else (status,)


class Examples(wire.WireTest):
    def test_the_examples_of_the_guide_are_answered(self):
        for name in sorted(os.listdir(os.path.join(wire.HERE, "examples"))):
            if not name.endswith(".request.xml"):
                continue
            with self.subTest(name):
                status, _, body = self.server.ask(wire.example(name))
                self.assertEqual(status, 200)
                self.assertEqual(outcome(status, body)[1:],
                                 ("1",) if name.startswith("cut_off") else ("00", "1"))

    def test_the_response_has_the_form_of_the_guide(self):
        _, _, body = self.server.ask(wire.example("purchase.request.xml"))
        root = tree.fromstring(body)
        response = root.find(f"{{{wire.SOAP}}}Body/{NS}GetTransactionResponse")
        result = response.find(NS + "GetTransactionResult")
        self.assertEqual([e.tag for e in result], [NS + name for name in RESULT])
        self.assertEqual(result.attrib, {})
        self.assertEqual(body.count(b"xmlns"), 2, "no namespace on the result or below")
        self.assertNotIn(b"null", body)
        for element in result:
            self.assertRegex(element.text, r"^-?[0-9]+(\.[0-9]{2,4})?$")

    def test_a_cut_off_on_either_path(self):
        for path in ("/ehi", "/ehi/cutoff"):
            status, _, body = self.server.ask(wire.example("cut_off.request.xml"), path)
            self.assertEqual(outcome(status, body), (200, "1"))

    def test_order_does_not_matter(self):
        lines = re.findall(r"<([A-Za-z_0-9]+)>([^<]*)</\1>", wire.example("purchase.request.xml").decode())
        for seed in range(20):
            random.Random(seed).shuffle(lines)
            self.server.forget()
            status, _, body = self.server.ask(wire.envelope("".join(f"<{k}>{v}</{k}>" for k, v in lines)))
            self.assertEqual(outcome(status, body), (200, "00", "1"), f"seed {seed}")
            self.assertEqual(self.server.message()["txn_id"], "91000004711")

    def test_one_byte_at_a_time(self):
        responses = self.server.exchange(wire.post(wire.example("presentment.request.xml")), step=1)
        self.assertEqual(outcome(responses[0][0], responses[0][2]), (200, "00", "1"))


class OtherShape(wire.WireTest):
    options = {"shape_message": 1, "namespace": "http://tempuri.org"}

    def test_the_shape_and_its_namespace_are_settings(self):
        _, _, body = self.server.ask(wire.request())
        self.assertIn(b'<tns:GetTransactionResponse xmlns:tns="http://tempuri.org"><ResponseMsg><Acknowledgement>1<', body)


OPEN = f'<s:Envelope xmlns:s="{wire.SOAP}"><s:Body><GetTransaction xmlns="http://tempuri.org/">'
CLOSE = "</GetTransaction></s:Body></s:Envelope>"
GOOD = wire.elements()


def changed(**values):
    return wire.request(**values)


def plus(text):
    return wire.envelope(GOOD + text)


APPROVED, MALFORMED, REPEAT = (200, "00", "1"), (200, "05", "1"), (200, "96", "0")
CLIENT, BAD = (500, "Client"), (400,)

# name, body, outcome
INPUTS = [
    # Lenient in form.
    ("an unknown element", plus("<Brand_New>1</Brand_New>"), APPROVED),
    ("an unknown element with all sorts inside", plus("<New a='b'>t<c><d/></c></New>"), APPROVED),
    ("empty elements", plus("<LoadSRC /><LoadType></LoadType><Note> </Note>"), APPROVED),
    ("xsi:nil", plus('<CVV2 xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'), APPROVED),
    ("an element twice, the same", plus("<Bill_Ccy>826</Bill_Ccy>"), APPROVED),
    ("a misspelt element", plus("<POS_Termnl_DE4>T1</POS_Termnl_DE4>"), APPROVED),
    ("blanks round a value", changed(Bill_Amt=" -23.4500\n"), APPROVED),
    ("a typed element that is wrong", plus("<ProductID>x</ProductID><FxProviderCardholderRate>-</FxProviderCardholderRate>"), APPROVED),
    ("a merchant with a control character", plus("<Merch_Name>CAF\x01</Merch_Name>"), APPROVED),
    ("a merchant with Latin-1", plus("<Merch_Name>CAF~</Merch_Name>").replace(b"~", b"\xe9"), APPROVED),
    ("a merchant with a NUL", plus("<Merch_Name>CAF\0</Merch_Name>"), APPROVED),
    ("a merchant with a NUL by reference", plus("<Merch_Name>CAF&#0;</Merch_Name>"), APPROVED),
    ("a merchant with the five entities", plus("<Merch_Name>&lt;&gt;&amp;&apos;&quot;</Merch_Name>"), APPROVED),
    ("CDATA", plus("<Note><![CDATA[<&]]></Note>"), APPROVED),
    ("a byte order mark", b"\xef\xbb\xbf" + plus(""), APPROVED),
    ("another prefix", plus("").replace(b"<s:", b"<e:").replace(b"</s:", b"</e:").replace(b"xmlns:s=", b"xmlns:e="), APPROVED),
    ("a prefixed operation", plus("").replace(b"<", b"<t:").replace(b"<t:/", b"</t:").replace(b"t:s:", b"s:").replace(b"xmlns=", b"xmlns:t="), APPROVED),
    ("a header", plus("").replace(b"<s:Body>", b'<s:Header><a:To xmlns:a="urn:a">x</a:To></s:Header><s:Body>'), APPROVED),
    # Strict in what decides: a request is declined, anything else may come again.
    ("a token of eight digits", changed(Token="70010031"), MALFORMED),
    ("no token", changed(Token=None), MALFORMED),
    ("a bad byte in the token", changed(Token="70010\x0118"), MALFORMED),
    ("full-width digits", changed(Token="７００１００３１８"), MALFORMED),
    ("an amount with an exponent", changed(Bill_Amt="1e3"), MALFORMED),
    ("an amount with five decimals", changed(Bill_Amt="-1.00001"), MALFORMED),
    ("an amount with a plus", changed(Bill_Amt="+1.00"), MALFORMED),
    ("an amount with a bad byte", changed(Bill_Amt="-1\x02.00"), MALFORMED),
    ("an amount of 40 digits", changed(Bill_Amt="9" * 40), MALFORMED),
    ("no amount", changed(Bill_Amt=None), MALFORMED),
    ("an alphabetic currency", changed(Bill_Ccy="GBP"), MALFORMED),
    ("a currency that is none", changed(Bill_Ccy="000"), MALFORMED),
    ("no currency", changed(Bill_Ccy=None), MALFORMED),
    ("a processing code of five digits", changed(Proc_Code="00000"), MALFORMED),
    ("no processing code", changed(Proc_Code=None), MALFORMED),
    ("another amount the second time", plus("<Bill_Amt>-1.00</Bill_Amt>"), MALFORMED),
    ("an element inside the amount", changed(Bill_Amt="-1<b/>.00"), MALFORMED),
    ("a reversal with a wrong amount", changed(MTID="0400", Txn_Type="D", Bill_Amt="x"), REPEAT),
    ("a presentment with a wrong currency", changed(MTID="1240", Txn_Type="P", Txn_CCy="8x6"), REPEAT),
    ("two letters for the type", changed(Txn_Type="AA"), REPEAT),
    # No id: nothing to acknowledge.
    ("no id", changed(TXn_ID=None), CLIENT),
    ("an id of zero", changed(TXn_ID="0"), CLIENT),
    ("an id of letters", changed(TXn_ID="abc"), CLIENT),
    ("an id of 2^63", changed(TXn_ID="9223372036854775808"), CLIENT),
    ("two ids", plus("<TXn_ID>2</TXn_ID>"), CLIENT),
    ("a cut-off without id", wire.example("cut_off.request.xml").replace(b"4711", b""), CLIENT),
    ("a cut-off with a wrong count", wire.example("cut_off.request.xml").replace(b">412<", b">x<"), (200, "0")),
    # Structure.
    ("a document type", b"<!DOCTYPE s>" + plus(""), CLIENT),
    ("an external entity", b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + plus("<Note>&x;</Note>"), CLIENT),
    ("a billion laughs", b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + plus("<Note>&b;</Note>"), CLIENT),
    ("an entity that nobody declared", plus("<Note>&nbsp;</Note>"), CLIENT),
    ("an instruction", b"<?xml-stylesheet href='x'?>" + plus(""), CLIENT),
    ("truncated", plus("")[:-5], CLIENT),
    ("a second root", plus("") + b"<a/>", CLIENT),
    ("junk behind", plus("") + b"junk", CLIENT),
    ("a NUL behind", plus("") + b"\0", CLIENT),
    ("33 levels", plus("<New>" + "<a>" * 29 + "</a>" * 29 + "</New>"), CLIENT),
    ("5,000 unclosed elements", (OPEN + "<a>" * 5000).encode(), CLIENT),
    ("1,100 elements", plus("<a/>" * 1100), CLIENT),
    ("an attribute on an element", plus("<Note type='x'>a</Note>"), CLIENT),
    ("an attribute on the operation", plus("").replace(b'tempuri.org/"', b'tempuri.org/" id="1"'), CLIENT),
    ("an encoding style", plus("").replace(b"<s:Envelope", b'<s:Envelope s:encodingStyle="x"'), CLIENT),
    ("a doubled attribute", plus("<New a='1' a='2'/>"), CLIENT),
    ("an unbound prefix", plus("<q:New/>"), CLIENT),
    ("a bad byte in a name", plus("<No\x01te>a</No\x01te>"), CLIENT),
    ("SOAP 1.2", plus("").replace(wire.SOAP.encode(), SOAP12.encode()), (500, "VersionMismatch")),
    ("no namespace", b"<Envelope><Body/></Envelope>", (500, "VersionMismatch")),
    ("a header that must be understood", plus("").replace(b"<s:Body>", b'<s:Header><a s:mustUnderstand="1"/></s:Header><s:Body>'), (500, "MustUnderstand")),
    ("an empty body element", f'<s:Envelope xmlns:s="{wire.SOAP}"><s:Body/></s:Envelope>'.encode(), CLIENT),
    ("two operations", plus("").replace(b"</s:Body>", b"<Cut_Off/></s:Body>"), CLIENT),
    ("another operation", f'<s:Envelope xmlns:s="{wire.SOAP}"><s:Body><Pay/></s:Body></s:Envelope>'.encode(), CLIENT),
    ("another root", b"<html/>", CLIENT),
    # Not XML.
    ("JSON", b'{"TXn_ID":1}', BAD),
    ("blanks", b"  \n ", BAD),
    ("gzip", b"\x1f\x8b\x08\x00abcdef", BAD),
    ("UTF-16", plus("").decode().encode("utf-16"), BAD),
    ("UTF-16 without mark", plus("").decode().encode("utf-16-le"), BAD),
    ("UTF-32", plus("").decode().encode("utf-32"), BAD),
    ("EBCDIC", plus("").decode().encode("cp037"), BAD),
    ("ISO-8859-1 declared", b'<?xml version="1.0" encoding="ISO-8859-1"?>' + plus(""), BAD),
    ("UTF-7 declared", b'<?xml version="1.0" encoding="UTF-7"?>' + plus(""), BAD),
    ("XML 1.1", b'<?xml version="1.1"?>' + plus(""), BAD),
    ("a blank before the declaration", b' <?xml version="1.0"?>' + plus(""), BAD),
]


class BadInput(wire.WireTest):
    def test_every_input_gets_its_answer(self):
        for name, body, expected in INPUTS:
            with self.subTest(name):
                status, _, answer = self.server.ask(body)
                self.assertEqual(outcome(status, answer), expected, answer[:300])

    def test_every_input_byte_by_byte_in_tls_records(self):
        for name, body, expected in INPUTS[::7]:
            with self.subTest(name):
                responses = self.server.exchange(wire.post(body), step=97)
                self.assertEqual(outcome(responses[0][0], responses[0][2]), expected)

    def test_the_wrong_field_is_named_in_the_log_and_to_authz(self):
        self.server.forget()
        self.server.ask(changed(Bill_Amt="1e3"))
        self.assertEqual(self.server.message()["malformed"], "Bill_Amt")
        self.assertIn("field=Bill_Amt", self.server.log_text())

    def test_an_unreadable_message_goes_to_the_inbox_too(self):
        self.server.forget()
        self.server.ask(changed(TXn_ID=None))
        message = self.server.message()
        self.assertEqual((message["unreadable"], message["txn_id"]), ("1", "0"))

    def test_repairs_are_counted(self):
        before = self.server.metric("holdfast_repairs_total", what="byte_replaced")
        self.server.ask(plus("<Merch_Name>\x01\x02&#0;</Merch_Name>"))
        self.assertEqual(self.server.metric("holdfast_repairs_total", what="byte_replaced"), before + 3)

    def test_no_secret_and_no_value_ever_reaches_the_log(self):
        secrets = plus("<CVV2>987</CVV2><PIN>A1B2C3D4E5F60718</PIN><PaymentTokenPan>4111111111111111</PaymentTokenPan>"
                       "<PaymentToken_activationCode>ZQ73915</PaymentToken_activationCode><SenderData>0104Adam</SenderData>")
        for body in (secrets, secrets.replace(b"-23.4500", b"4111111111111111x"), secrets[:-9],
                     secrets.replace(b"<TXn_ID>91000004711</TXn_ID>", b""), secrets.replace(b"<CVV2>", b"<CVV2 a='4111111111111111'>")):
            self.server.ask(body)
        text = self.server.log_text()
        for secret in ("987<", "A1B2C3D4", "4111111111111111", "ZQ73915", "Adam"):
            self.assertNotIn(secret, text)


if __name__ == "__main__":
    wire.main()
