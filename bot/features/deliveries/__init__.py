"""The deliveries slice."""
