namespace WhatsOps.Audits;

/// <summary>What the monthly review saw of TaktChat's companies.</summary>
/// <param name="From">Of the campaigns: the month before.</param>
/// <param name="Duplicates">Null: not seen.</param>
public sealed record MonthlyCompanyReport(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PlanUse> Plans, IReadOnlyList<CampaignResult> Campaigns, IReadOnlyList<LimitProposal> Proposals, ContactDuplicates? Duplicates);
