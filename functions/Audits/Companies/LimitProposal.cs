namespace WhatsOps.Audits;

/// <summary>A limit of a company's campaigns that should be another. A proposal: a person decides and sets it (<c>PUT /campaign-settings/{id}</c>).</summary>
/// <param name="Key">As <c>"CampaignSettings".key</c>.</param>
/// <param name="Now">The company's value, or TaktChat's default where it has none.</param>
public sealed record LimitProposal(int Company, string Key, int Now, int Proposed, string Why);
