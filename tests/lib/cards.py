"""Cards that a test plans first and adds together, through the operator's own command."""


class Cards:
    def __init__(self, first=300000001):
        self.next, self.rows = first, []

    def plan(self, currency, load, product="", status="active"):
        token = self.next
        self.next += 1
        self.rows.append((token, currency, load, "", "", product, status))
        return token

    def add(self, pit):
        path = pit.home + "/cards.csv"
        with open(path, "w") as file:
            file.write("token,currency,load,expiry,account,product,status\n")
            for row in self.rows:
                file.write(",".join(str(value) for value in row) + "\n")
        pit.holdfast("card", "import", path)
        self.rows = []
