namespace WhatsOps.Audits;

/// <summary>What the weekly review saw of TaktChat's companies.</summary>
/// <param name="Storage">Largest first.</param>
/// <param name="OfficialConnections">Connections over Meta's API; null: not seen.</param>
/// <param name="WithoutVerifyToken">Those of them that have no verify token, as <c>COMPANY-CONNECTION</c>.</param>
public sealed record WeeklyCompanyReport(DateTimeOffset At, IReadOnlyList<CompanyStorage> Storage, int? OfficialConnections, IReadOnlyList<string> WithoutVerifyToken);
