"""python3-zeep, an ordinary SOAP toolkit, from the served WSDL alone."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "wire"))

import requests
import wire
import zeep
import zeep.exceptions
import zeep.transports

OPERATIONS = {"GetTransaction", "Cut_Off"}


class Zeep(wire.WireTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        certificates = cls.server.certificates
        session = requests.Session()
        session.verify = certificates.path("ca.pem")
        session.cert = (certificates.path("client.pem"), certificates.path("client.key"))
        session.trust_env = False
        cls.client = zeep.Client(f"https://localhost:{cls.server.port}/ehi?wsdl",
                                 transport=zeep.transports.Transport(session=session, timeout=wire.PATIENCE,
                                                                     operation_timeout=wire.PATIENCE))

    def test_the_wsdl_offers_both_operations_at_the_address_asked(self):
        (service,) = self.client.wsdl.services.values()
        (port,) = service.ports.values()
        self.assertEqual(set(port.binding.all()), OPERATIONS)
        self.assertEqual(port.binding_options["address"], f"https://localhost:{self.server.port}/ehi")

    def test_an_authorisation(self):
        self.server.forget()
        answer = self.client.service.GetTransaction(
            TXn_ID="91000004711", Token="700100318", MTID="0100", Txn_Type="A", Authorised_by_GPS="N",
            Txn_Stat_Code="A", Proc_Code="000000", Bill_Amt="-23.4500", Bill_Ccy="826", Txn_Amt="23.4500",
            Txn_CCy="826", ProductID=70123, SubBIN=99990001, FxProviderCardholderRate="0.0",
            Merch_Name="Hedgerow & Böcker <1>")
        self.assertEqual(answer.Responsestatus, "00")
        self.assertEqual(answer.Acknowledgement, "1")
        self.assertEqual(answer.CurBalance, 250.0)
        self.assertEqual(answer.AvlBalance, 226.55)
        self.assertEqual(answer.Update_Balance, 0)
        message = self.server.message()
        self.assertEqual((message["txn_id"], message["token"]), ("91000004711", "700100318"))

    def test_a_cut_off(self):
        answer = self.client.service.Cut_Off(CutoffID=4711, ProductID=70123, FirstTxn_ID=1, LastTxn_ID=2,
                                             Auths_Acknowledged=3)
        self.assertEqual(answer, "1")

    def test_a_fault_is_a_fault(self):
        with self.assertRaises(zeep.exceptions.Fault) as raised:
            self.client.service.GetTransaction(Token="700100318")
        self.assertIn("TXn_ID", raised.exception.message)


if __name__ == "__main__":
    wire.main()
