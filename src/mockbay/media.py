"""The media API: pictures made from an address, kept for a month unless used."""

from mockbay.answers import Document, Reply, refuse
from mockbay.call import Call, Operation
from mockbay.clock import to_iso
from mockbay.rules import image_problems

BASE = "/commerce/media/v1_beta"
MONTH_MS = 30 * 86_400_000
API = "commerce.media"


def create(call: Call) -> Reply:
    """Store a picture under an address of the mock."""
    url = call.document.get("imageUrl")
    if not url or list(image_problems([url])):
        raise refuse(190204)
    image_id = f"v1|{call.world.seed}|{call.world.count('image')}"
    image: Document = {
        "imageUrl": f"https://i.mockbay.example/{image_id.replace('|', '-')}.jpg",
        "expirationDate": to_iso(call.world.clock.ms + MONTH_MS),
    }
    call.seller.images[image_id] = image
    place = f"{BASE}/image/{image_id.replace('|', '%7C')}"
    return Reply(201, image, {"location": f"{call.origin}{place}"})


def get(call: Call) -> Reply:
    """Return a picture's address."""
    image = call.seller.images.get(call.params["image"])
    if image is None:
        raise refuse(190200)
    return Reply(200, image)


OPERATIONS = [
    Operation("createImageFromUrl", "POST", f"{BASE}/image/create_image_from_url", create, api=API),
    Operation("getImage", "GET", f"{BASE}/image/{{image}}", get, api=API),
]
