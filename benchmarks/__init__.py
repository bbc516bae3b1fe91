"""`make bench`: every figure beside a peer or a raw library, in one run."""
