"""The branded admin site that project leads, finance and operators work in."""

from django.contrib.admin import AdminSite


class BackofficeSite(AdminSite):
    """Django's plain admin with ContractorHub's name."""

    site_header = "ContractorHub"
    site_title = "ContractorHub"
    index_title = "Desk"
