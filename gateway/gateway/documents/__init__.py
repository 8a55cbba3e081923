"""Documents: forms, whole applications and certificates as PDF, and the public page that tells a genuine one."""
