const updateLead = async (leadId, updates) => {
  try {
    const response = await fetch(`https://your-domain.com/api/v1/leads/${leadId}`, {
      method: 'PUT',
      headers: {
        'Authorization': 'Bearer sk-workspace_your_api_key',
        'Content-Type': 'application/json'
      },
      body: JSON.stringify(updates)
    });
    if (!response.ok) {
      if (response.status === 404) {
        throw new Error('Lead not found');
      }
      throw new Error(`HTTP error! status: ${response.status}`);
    }
    const result = await response.json();
    return result.data;
  } catch (error) {
    console.error('Error updating lead:', error);
    throw error;
  }
};
// Usage examples
const leadId = "lead_1234567890abcdef";
// Simple status update
updateLead(leadId, {
  status: "contacted"
});
// Add notes and metadata
updateLead(leadId, {
  metadata: {
    notes: "Very interested in our services",
    lead_score: 90,
    follow_up_date: "2024-01-25"
  }
});
// Multiple field update
updateLead(leadId, {
  phone: "+1-555-999-8888",
  status: "qualified",
  source: "referral",
  metadata: {
    referrer: "Jane Smith",
    budget_range: "$10k-25k"
  }
});
