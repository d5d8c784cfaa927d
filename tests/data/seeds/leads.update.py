import requests
from typing import Dict, Any
def update_lead(api_key: str, lead_id: str, updates: Dict[str, Any]) -> Dict[str, Any]:
    """
    Update a lead with partial data.
    Args:
    api_key: Your API key
    lead_id: The lead's unique identifier
    updates: Dictionary of fields to update
    Returns:
    dict: The updated lead data
    """
    url = f"https://your-domain.com/api/v1/leads/{lead_id}"
    headers = {
        "Authorization": f"Bearer {api_key}",
        "Content-Type": "application/json"
    }
    try:
        response = requests.put(url, headers=headers, json=updates)
        if response.status_code == 404:
            raise ValueError(f"Lead with ID '{lead_id}' not found")
        response.raise_for_status()
        result = response.json()
        print(f"Updated lead: {result['data']['name']} - Status: {result['data']['status']}")
        return result['data']
    except requests.exceptions.RequestException as e:
        print(f"Error updating lead: {e}")
        raise
# Usage examples
api_key = "sk-workspace_your_api_key"
lead_id = "lead_1234567890abcdef"
# Simple status update
try:
    updated_lead = update_lead(api_key, lead_id, {
        "status": "contacted"
    })
    print(f"Status updated to: {updated_lead['status']}")
except Exception as e:
    print(f"Update failed: {e}")
# Add metadata
update_lead(api_key, lead_id, {
    "metadata": {
        "notes": "Interested in enterprise solution",
        "follow_up_date": "2024-01-25",
        "priority": "high"
    }
})
# Helper function for common updates
def update_lead_status(api_key: str, lead_id: str, status: str, notes: str = None):
    """Update lead status with optional notes."""
    updates = {"status": status}
    if notes:
        updates["metadata"] = {"notes": notes}
    return update_lead(api_key, lead_id, updates)
# Usage
update_lead_status(api_key, lead_id, "qualified", "Ready for sales team")
