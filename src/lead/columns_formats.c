#include "lead/columns_formats.h"

/* Read off public files of each tool. A header mapped to "" is known and of no use to us. */
/* clang-format off: pairs run on, as a header row does */
static const struct columns_header linkedin_connections[] = {
	{"First Name", "first_name"}, {"Last Name", "last_name"}, {"URL", "linkedin_url"},
	{"Email Address", "email"}, {"Company", "company"}, {"Position", "job_title"},
	{"Connected On", "connected_on"},
};

static const struct columns_header phantombuster[] = {
	{"defaultProfileUrl", "linkedin_url"}, {"profileUrl", "sales_navigator_url"},
	{"fullName", "name"}, {"firstName", "first_name"}, {"lastName", "last_name"},
	{"companyName", "company"}, {"title", "job_title"}, {"companyId", "company_linkedin_id"},
	{"companyUrl", "company_sales_navigator_url"}, {"regularCompanyUrl", "company_linkedin"},
	{"summary", "summary"}, {"titleDescription", ""}, {"industry", "industry"},
	{"companyLocation", "company_location"}, {"location", "location"},
	{"durationInRole", ""}, {"durationInCompany", ""}, {"pastExperienceCompanyName", ""},
	{"pastExperienceCompanyUrl", ""}, {"pastExperienceCompanyTitle", ""},
	{"pastExperienceDate", ""}, {"pastExperienceDuration", ""},
	{"connectionDegree", "connection_degree"}, {"profileImageUrl", "avatar_url"},
	{"sharedConnectionsCount", ""}, {"name", ""}, {"vmid", "sales_navigator_id"},
	{"linkedInProfileUrl", "linkedin_url"}, {"isPremium", ""}, {"isOpenLink", ""},
	{"query", ""}, {"timestamp", "exported_at"},
};

static const struct columns_header phantombuster_old[] = {
	{"profileUrl", "sales_navigator_url"}, {"fullName", "name"}, {"firstName", "first_name"},
	{"lastName", "last_name"}, {"companyName", "company"}, {"title", "job_title"},
	{"companyID", "company_linkedin_id"}, {"companyUrl", "company_sales_navigator_url"},
	{"regularCompanyUrl", "company_linkedin"}, {"summary", "summary"},
	{"titleDescription", ""}, {"industry", "industry"},
	{"companyLocation", "company_location"}, {"location", "location"},
	{"durationInRole", ""}, {"durationInCompany", ""},
	{"connectionDegree", "connection_degree"}, {"profileImage", "avatar_url"},
	{"sharedConnectionsCount", ""}, {"name", ""}, {"vmid", "sales_navigator_id"},
	{"linkedInProfileUrl", "linkedin_url"}, {"isPremium", ""}, {"isOpenLink", ""},
	{"query", ""}, {"timestamp", "exported_at"}, {"duration", ""},
};

static const struct columns_header evaboot[] = {
	{"First Name", "first_name"}, {"Last Name", "last_name"}, {"Full Name", "name"},
	{"Current Job", "job_title"}, {"Email", "email"}, {"Email Status", "email_status"},
	{"Linkedin URL Public", "linkedin_url"},
	{"Linkedin URL Unique ID", "linkedin_token_url"}, {"Location", "location"},
	{"Matches Filters", ""}, {"No Match Reasons", ""}, {"Company Name", "company"},
	{"Company Domain", "company_domain"}, {"Company Website URL", "company_website"},
	{"Company Linkedin URL Unique ID", "company_linkedin"},
	{"Company Location", "company_location"}, {"Company Industry", "industry"},
	{"Company Employee Exact Count", "company_size"},
	{"Company Employee Range", "company_size_range"}, {"Company Year Founded", ""},
	{"Company Description", "company_description"}, {"Company Specialities", ""},
	{"Company Headquarters (Full Address)", ""}, {"Company Type", ""},
	{"Department Headcounts", ""},
};

static const struct columns_header waalaxy[] = {
	{"linkedinUrl", "linkedin_url"}, {"salesNavigatorId", "sales_navigator_id"},
	{"proEmail", "email"}, {"premium", ""}, {"jobSeeker", ""}, {"profileStatus", ""},
	{"profilePictureUrl", "avatar_url"}, {"importDate", ""},
	{"connectionRequestDate", "invited_on"}, {"connectedAt", "connected_on"},
	{"firstMessageAt", ""}, {"messageSent", ""}, {"lastLinkedinMessageSentDate", ""},
	{"lastReplyDetectedDate", "replied_on"}, {"linkedInConversationLink", ""},
	{"emailSent", ""}, {"emailReplied", ""}, {"lastEmailSentDate", ""},
	{"lastEmailReplyDate", ""},
};

static const struct columns_header waalaxy_labels[] = {
	{"First name", "first_name"}, {"Last name", "last_name"}, {"Occupation", "headline"},
	{"Company", "company"}, {"LinkedIn profile URL", "linkedin_url"},
};

static const struct columns_header lemlist[] = {
	{"email", "email"}, {"companyName", "company"}, {"phone", "phone"}, {"campaigns", ""},
	{"owner", "owner"}, {"leadStatus", "status"}, {"emailDeliverability", "email_status"},
	{"emailVerificationDate", ""}, {"addedToLemlist", ""}, {"firstContactedDate", ""},
	{"lastContactedDate", ""}, {"firstLeadLaunchedDate", ""}, {"lastLeadLaunchedDate", ""},
	{"lastRepliedDate", "replied_on"}, {"lastLeadMarkedAsInterestedDate", ""},
	{"isActiveInCampaigns", ""},
};

static const struct columns_header dux_soup[] = {
	{"First Name", "first_name"}, {"Last Name", "last_name"}, {"Company", "company"},
	{"Title", "job_title"}, {"Location", "location"}, {"Industry", "industry"},
	{"Connection Degree", "connection_degree"}, {"Profile URL", "linkedin_url"},
};

static const struct columns_header apollo_2026[] = {
	{"First Name", "first_name"}, {"Last Name", "last_name"}, {"Title", "job_title"},
	{"Company Name", "company"}, {"Email", "email"}, {"Email Status", "email_status"},
	{"Primary Email Source", ""}, {"Primary Email Verification Source", ""},
	{"Email Confidence", ""}, {"Primary Email Catch-all Status", ""},
	{"Primary Email Last Verified At", ""}, {"Seniority", "seniority"},
	{"Sub Departments", ""}, {"Work Direct Phone", "phone"}, {"Home Phone", "home_phone"},
	{"Mobile Phone", "mobile_phone"}, {"Corporate Phone", "company_phone"},
	{"Other Phone", "other_phone"}, {"Do Not Call", "do_not_call"}, {"Lists", ""},
	{"Person Linkedin Url", "linkedin_url"}, {"Country", "country"}, {"Subsidiary of", ""},
	{"Subsidiary of (Organization ID)", ""}, {"Secondary Email", "other_email"},
	{"Secondary Email Source", ""}, {"Secondary Email Status", ""},
	{"Secondary Email Verification Source", ""}, {"Tertiary Email", "other_email"},
	{"Tertiary Email Source", ""}, {"Tertiary Email Status", ""},
	{"Tertiary Email Verification Source", ""}, {"Primary Intent Topic", ""},
	{"Primary Intent Score", ""}, {"Secondary Intent Topic", ""},
	{"Secondary Intent Score", ""}, {"Qualify Contact", ""}, {"Cleaned", ""},
};

static const struct columns_header apollo_2024[] = {
	{"First Name", "first_name"}, {"Last Name", "last_name"}, {"Title", "job_title"},
	{"Company", "company"}, {"Company Name for Emails", "company_short"}, {"Email", "email"},
	{"Email Status", "email_status"}, {"Primary Email Source", ""}, {"Email Confidence", ""},
	{"Primary Email Catch-all Status", ""}, {"Primary Email Last Verified At", ""},
	{"Seniority", "seniority"}, {"Departments", ""}, {"Contact Owner", "owner"},
	{"Work Direct Phone", "phone"}, {"Home Phone", "home_phone"},
	{"Mobile Phone", "mobile_phone"}, {"Corporate Phone", "company_phone"},
	{"Other Phone", "other_phone"}, {"Stage", "stage"}, {"Lists", ""},
	{"Last Contacted", ""}, {"Account Owner", ""}, {"# Employees", "company_size"},
	{"Industry", "industry"}, {"Keywords", ""}, {"Person Linkedin Url", "linkedin_url"},
	{"Website", "company_website"}, {"Company Linkedin Url", "company_linkedin"},
	{"Facebook Url", ""}, {"Twitter Url", ""}, {"City", "city"}, {"State", "state"},
	{"Country", "country"}, {"Company Address", ""}, {"Company City", ""},
	{"Company State", ""}, {"Company Country", ""}, {"Company Phone", "company_phone"},
	{"Technologies", ""}, {"Annual Revenue", ""}, {"Total Funding", ""},
	{"Latest Funding", ""}, {"Latest Funding Amount", ""}, {"Last Raised At", ""},
	{"Subsidiary of", ""}, {"Email Sent", ""}, {"Email Open", ""}, {"Email Bounced", ""},
	{"Replied", ""}, {"Demoed", ""}, {"Number of Retail Locations", ""},
	{"Apollo Contact Id", "source_record_id"}, {"Apollo Account Id", "source_company_id"},
	{"Secondary Email", "other_email"}, {"Secondary Email Source", ""},
	{"Tertiary Email", "other_email"}, {"Tertiary Email Source", ""},
};

static const struct columns_header lusha[] = {
	{"Direct Phone 1", "phone"}, {"Direct Phone 2", "phone"}, {"Full Name", "name"},
	{"First Name", "first_name"}, {"Last Name", "last_name"}, {"Phone 1", "phone"},
	{"Phone 2", "phone"}, {"Mobile 1", "mobile_phone"}, {"Mobile 2", "mobile_phone"},
	{"Other Phone 1", "other_phone"}, {"Other Phone 2", "other_phone"}, {"Email 1", "email"},
	{"Email 2", "other_email"}, {"Lusha User", ""}, {"Contact LinkedIn URL", "linkedin_url"},
	{"Contact Country", "country"}, {"Contact Continent", ""}, {"Contact Country ISO 2", ""},
};

static const struct columns_header cognism_enrich[] = {
	{"profileUrl", "linkedin_url"}, {"First Name", "first_name"}, {"Last Name", "last_name"},
	{"Matched Job Title", "job_title"}, {"Cognism Email", "email"}, {"Direct", "phone"},
	{"Mobile", "mobile_phone"}, {"Office", "company_phone"}, {"Person Country", "country"},
	{"Matched Web Site", "company_website"}, {"Company Name Input", "company"},
};

static const struct columns_header hubspot_contacts[] = {
	{"Record ID", "source_record_id"}, {"First Name", "first_name"},
	{"Last Name", "last_name"}, {"Email", "email"}, {"Phone Number", "phone"},
	{"Contact owner", "owner"}, {"Lead Status", "status"}, {"Create Date", "created_on"},
	{"Last Modified Date", ""}, {"Contact Type", ""}, {"Lifecycle Stage", "lifecycle"},
	{"Lead Source", "source"}, {"Associated Company", "company"},
	{"Associated Deal IDs", ""},
};

static const struct columns_header salesforce_lead_dataloader[] = {
	{"Id", "source_record_id"}, {"IsDeleted", ""}, {"MasterRecordId", ""},
	{"LastName", "last_name"}, {"FirstName", "first_name"}, {"Salutation", ""},
	{"Name", "name"}, {"Title", "job_title"}, {"Company", "company"}, {"Street", ""},
	{"City", "city"}, {"State", "state"}, {"PostalCode", ""}, {"Country", "country"},
	{"Latitude", ""}, {"Longitude", ""}, {"Address", ""}, {"Phone", "phone"},
	{"MobilePhone", "mobile_phone"}, {"Fax", ""}, {"Email", "email"},
	{"Website", "company_website"}, {"PhotoUrl", ""}, {"Description", "notes"},
	{"LeadSource", "source"}, {"Status", "status"}, {"Industry", "industry"}, {"Rating", ""},
	{"AnnualRevenue", ""}, {"NumberOfEmployees", "company_size"}, {"OwnerId", "owner"},
	{"IsConverted", ""}, {"ConvertedDate", ""}, {"ConvertedAccountId", ""},
	{"ConvertedContactId", ""}, {"ConvertedOpportunityId", ""}, {"IsUnreadByOwner", ""},
	{"CreatedDate", "created_on"}, {"CreatedById", ""}, {"LastModifiedDate", ""},
	{"LastModifiedById", ""}, {"SystemModstamp", ""}, {"LastActivityDate", ""},
	{"LastViewedDate", ""}, {"LastReferencedDate", ""}, {"Jigsaw", ""},
	{"JigsawContactId", ""}, {"CleanStatus", ""}, {"CompanyDunsNumber", ""},
	{"DandbCompanyId", ""}, {"EmailBouncedReason", ""}, {"EmailBouncedDate", ""},
};

static const struct columns_header pipedrive_people[] = {
	{"Person - ID", "source_record_id"}, {"Person - Name", "name"},
	{"Person - Email", "email"}, {"Person - Phone", "phone"},
	{"Organization - Name", "company"}, {"Person - Last activity date", ""},
};

static const struct columns_header zoho_leads[] = {
	{"Record Id", "source_record_id"}, {"Lead Owner.id", ""}, {"Lead Owner", "owner"},
	{"Is Converted", ""}, {"Company", "company"}, {"First Name", "first_name"},
	{"Last Name", "last_name"}, {"Email", "email"}, {"Phone", "phone"},
	{"Mobile", "mobile_phone"}, {"Lead Source", "source"}, {"Lead Status", "status"},
	{"Created By.id", ""}, {"Created By", ""}, {"Modified By.id", ""}, {"Modified By", ""},
	{"Created Time", "created_on"}, {"Modified Time", ""}, {"Lead Name", "name"},
};

static const struct columns_header mailchimp_audience[] = {
	{"Email Address", "email"}, {"First Name", "first_name"}, {"Last Name", "last_name"},
	{"MEMBER_RATING", ""}, {"OPTIN_TIME", "opted_in_on"}, {"OPTIN_IP", ""},
	{"CONFIRM_TIME", ""}, {"CONFIRM_IP", ""}, {"LATITUDE", ""}, {"LONGITUDE", ""},
	{"GMTOFF", ""}, {"DSTOFF", ""}, {"TIMEZONE", "timezone"}, {"CC", "country_code"},
	{"REGION", "state"}, {"LAST_CHANGED", ""}, {"LEID", "source_record_id"}, {"EUID", ""},
	{"NOTES", "notes"}, {"TAGS", "tags"},
};

static const struct columns_header google_contacts_new[] = {
	{"First Name", "first_name"}, {"Middle Name", ""}, {"Last Name", "last_name"},
	{"Phonetic First Name", ""}, {"Phonetic Middle Name", ""}, {"Phonetic Last Name", ""},
	{"Name Prefix", ""}, {"Name Suffix", ""}, {"Nickname", ""}, {"File As", ""},
	{"Organization Name", "company"}, {"Organization Title", "job_title"},
	{"Organization Department", ""}, {"Birthday", ""}, {"Notes", "notes"}, {"Photo", ""},
	{"Labels", "tags"}, {"E-mail 1 - Label", ""}, {"E-mail 1 - Value", "email"},
	{"Phone 1 - Label", ""}, {"Phone 1 - Value", "phone"}, {"Website 1 - Label", ""},
	{"Website 1 - Value", "website"},
};

static const struct columns_header google_contacts_old[] = {
	{"Organization 1 - Title", "job_title"}, {"Name", "name"}, {"Given Name", "first_name"},
	{"Additional Name", ""}, {"Family Name", "last_name"}, {"Yomi Name", ""},
	{"Given Name Yomi", ""}, {"Additional Name Yomi", ""}, {"Family Name Yomi", ""},
	{"Name Prefix", ""}, {"Name Suffix", ""}, {"Initials", ""}, {"Nickname", ""},
	{"Short Name", ""}, {"Maiden Name", ""}, {"Birthday", ""}, {"Gender", ""},
	{"Location", ""}, {"Billing Information", ""}, {"Directory Server", ""}, {"Mileage", ""},
	{"Occupation", "job_title"}, {"Hobby", ""}, {"Sensitivity", ""}, {"Priority", ""},
	{"Subject", ""}, {"Notes", "notes"}, {"Language", ""}, {"Photo", ""},
	{"Group Membership", "tags"}, {"E-mail 1 - Type", ""}, {"E-mail 1 - Value", "email"},
	{"Phone 1 - Type", ""}, {"Phone 1 - Value", "phone"},
	{"Organization 1 - Name", "company"},
};

static const struct columns_header outlook_desktop[] = {
	{"First Name", "first_name"}, {"Middle Name", ""}, {"Last Name", "last_name"},
	{"Title", ""}, {"Suffix", ""}, {"Initials", ""}, {"Web Page", "website"}, {"Gender", ""},
	{"Birthday", ""}, {"Anniversary", ""}, {"Location", ""}, {"Language", ""},
	{"Internet Free Busy", ""}, {"Notes", "notes"}, {"E-mail Address", "email"},
	{"E-mail 2 Address", "other_email"}, {"E-mail 3 Address", "other_email"},
	{"Primary Phone", ""}, {"Home Phone", "home_phone"}, {"Home Phone 2", ""},
	{"Mobile Phone", "mobile_phone"}, {"Pager", ""}, {"Home Fax", ""}, {"Home Address", ""},
	{"Home Street", ""}, {"Home Street 2", ""}, {"Home Street 3", ""},
	{"Home Address PO Box", ""}, {"Home City", ""}, {"Home State", ""},
	{"Home Postal Code", ""}, {"Home Country", ""}, {"Spouse", ""}, {"Children", ""},
	{"Manager's Name", ""}, {"Assistant's Name", ""}, {"Referred By", ""},
	{"Company Main Phone", ""}, {"Business Phone", "phone"}, {"Business Phone 2", ""},
	{"Business Fax", ""}, {"Assistant's Phone", ""}, {"Company", "company"},
	{"Job Title", "job_title"}, {"Department", ""}, {"Office Location", ""},
	{"Organizational ID Number", ""}, {"Profession", ""}, {"Account", ""},
	{"Business Address", ""}, {"Business Street", ""}, {"Business Street 2", ""},
	{"Business Street 3", ""}, {"Business Address PO Box", ""}, {"Business City", "city"},
	{"Business State", "state"}, {"Business Postal Code", ""},
	{"Business Country", "country"}, {"Other Phone", "other_phone"}, {"Other Fax", ""},
	{"Other Address", ""}, {"Other Street", ""}, {"Other Street 2", ""},
	{"Other Street 3", ""}, {"Other Address PO Box", ""}, {"Other City", ""},
	{"Other State", ""}, {"Other Postal Code", ""}, {"Other Country", ""}, {"Callback", ""},
	{"Car Phone", ""}, {"ISDN", ""}, {"Radio Phone", ""}, {"TTY/TDD Phone", ""},
	{"Telex", ""}, {"User 1", ""}, {"User 2", ""}, {"User 3", ""}, {"User 4", ""},
	{"Keywords", ""}, {"Mileage", ""}, {"Hobby", ""}, {"Billing Information", ""},
};

static const struct columns_header outlook_live[] = {
	{"First Name", "first_name"}, {"Middle Name", ""}, {"Last Name", "last_name"},
	{"Title", ""}, {"Suffix", ""}, {"Nickname", ""}, {"Given Yomi", ""},
	{"Surname Yomi", ""}, {"E-mail Address", "email"}, {"E-mail 2 Address", "other_email"},
	{"E-mail 3 Address", "other_email"}, {"Home Phone", "home_phone"}, {"Home Phone 2", ""},
	{"Business Phone", "phone"}, {"Business Phone 2", ""}, {"Mobile Phone", "mobile_phone"},
	{"Car Phone", ""}, {"Other Phone", "other_phone"}, {"Primary Phone", ""}, {"Pager", ""},
	{"Business Fax", ""}, {"Home Fax", ""}, {"Other Fax", ""}, {"Company Main Phone", ""},
	{"Callback", ""}, {"Radio Phone", ""}, {"Telex", ""}, {"TTY/TDD Phone", ""},
	{"IMAddress", ""}, {"Job Title", "job_title"}, {"Department", ""},
	{"Company", "company"}, {"Office Location", ""}, {"Manager's Name", ""},
	{"Assistant's Name", ""}, {"Assistant's Phone", ""}, {"Company Yomi", ""},
	{"Business Street", ""}, {"Business City", "city"}, {"Business State", "state"},
	{"Business Postal Code", ""}, {"Business Country/Region", "country"},
	{"Home Street", ""}, {"Home City", ""}, {"Home State", ""}, {"Home Postal Code", ""},
	{"Home Country/Region", ""}, {"Other Street", ""}, {"Other City", ""},
	{"Other State", ""}, {"Other Postal Code", ""}, {"Other Country/Region", ""},
	{"Personal Web Page", "website"}, {"Spouse", ""}, {"Schools", ""}, {"Hobby", ""},
	{"Location", ""}, {"Web Page", "website"}, {"Birthday", ""}, {"Anniversary", ""},
	{"Notes", "notes"},
};

static const struct columns_header captaindata[] = {
	{"full_name", "name"}, {"first_name", "first_name"}, {"last_name", "last_name"},
	{"company_name", "company"}, {"sales_navigator_company_id", "company_linkedin_id"},
	{"linkedin_profile_id", "linkedin_member_id"},
	{"connection_degree", "connection_degree"}, {"job_title", "job_title"},
	{"headline", "headline"}, {"profile_image_url", "avatar_url"},
	{"sales_navigator_search_url", ""},
	{"sales_navigator_profile_url", "sales_navigator_url"},
	{"linkedin_profile_url", "linkedin_url"},
	{"sales_navigator_profile_id", "sales_navigator_id"},
	{"sales_navigator_company_url", "company_sales_navigator_url"}, {"location", "location"},
	{"position_started_at", ""}, {"linkedin_people_post_search_url", ""}, {"viewed", ""},
	{"tenure_start", ""}, {"tenure_end", ""}, {"tenure_length", ""},
};

static const struct columns_header brevo_contacts[] = {
	{"EMAIL", "email"}, {"FIRSTNAME", "first_name"}, {"LASTNAME", "last_name"},
	{"SMS", "phone"}, {"COMPANY", "company"},
};

/* A list and its length. */
#define LISTED(list) list, ARRAY_LEN(list)
static const struct columns_format formats[] = {
	{"linkedin_connections", "linkedin",
	 {"URL", "Connected On"}, COLUMNS_HIDES_MEMBERS, LISTED(linkedin_connections)},
	{"phantombuster_sales_navigator_search_export", "phantombuster",
	 {"profileUrl", "vmid"}, 0, LISTED(phantombuster)},
	{"phantombuster_sales_navigator_search_export_old", "phantombuster",
	 {"profileUrl", "vmid"}, 0, LISTED(phantombuster_old)},
	{"evaboot", "evaboot",
	 {"Linkedin URL Public", "Linkedin URL Unique ID"}, 0, LISTED(evaboot)},
	{"waalaxy", "waalaxy",
	 {"salesNavigatorId", "proEmail"}, 0, LISTED(waalaxy)},
	{"waalaxy_labels", "waalaxy",
	 {"Occupation", "LinkedIn profile URL"}, 0, LISTED(waalaxy_labels)},
	{"lemlist", "lemlist",
	 {"campaigns", "emailDeliverability"}, 0, LISTED(lemlist)},
	{"dux_soup", "dux_soup",
	 {"Connection Degree", "Profile URL"}, 0, LISTED(dux_soup)},
	{"apollo_2026", "apollo",
	 {"Person Linkedin Url", "Email Status"}, 0, LISTED(apollo_2026)},
	{"apollo_2024", "apollo",
	 {"Person Linkedin Url", "Email Status"}, 0, LISTED(apollo_2024)},
	{"lusha", "lusha",
	 {"Contact LinkedIn URL", ""}, 0, LISTED(lusha)},
	{"cognism_enrich", "cognism",
	 {"Cognism Email", ""}, 0, LISTED(cognism_enrich)},
	{"hubspot_contacts", "hubspot",
	 {"Record ID", "Email"}, COLUMNS_SEMICOLON_LISTS, LISTED(hubspot_contacts)},
	{"salesforce_lead_dataloader", "salesforce",
	 {"Id", "LeadSource"}, 0, LISTED(salesforce_lead_dataloader)},
	{"pipedrive_people", "pipedrive",
	 {"Person - Name", ""}, 0, LISTED(pipedrive_people)},
	{"zoho_leads", "zoho",
	 {"Record Id", "Lead Owner"}, 0, LISTED(zoho_leads)},
	{"mailchimp_audience", "mailchimp",
	 {"LEID", "EUID"}, 0, LISTED(mailchimp_audience)},
	{"google_contacts_new", "google_contacts",
	 {"First Name", "Phonetic First Name"}, 0, LISTED(google_contacts_new)},
	{"google_contacts_old", "google_contacts",
	 {"Given Name", "Group Membership"}, 0, LISTED(google_contacts_old)},
	{"outlook_csv_from_google", "outlook",
	 {"E-mail Address", "Business Phone"}, 0, LISTED(outlook_desktop)},
	{"outlook_live", "outlook",
	 {"E-mail Address", "Business Phone"}, 0, LISTED(outlook_live)},
	{"captaindata_sales_navigator", "captaindata",
	 {"sales_navigator_profile_id", ""}, 0, LISTED(captaindata)},
	{"brevo_contacts", "brevo",
	 {"EMAIL", "SMS"}, 0, LISTED(brevo_contacts)},
};
#undef LISTED
/* clang-format on */

const struct columns_format *columns_formats_all(size_t *out_count)
{
	*out_count = ARRAY_LEN(formats);
	return formats;
}
