using System.Globalization;

namespace WhatsOps.Checklists;

/// <summary>One of the manual's lists: how often it comes and how long its items may take.</summary>
/// <param name="Due">After this an unfinished item goes a level up, and again after as long.</param>
/// <param name="Fresh">Evidence of a routine's run may be this old.</param>
public sealed record Checklist(string Name, TimeSpan Due, TimeSpan Fresh)
{
    public static readonly Checklist Daily = new("daily", TimeSpan.FromDays(1), TimeSpan.FromHours(26));
    public static readonly Checklist Weekly = new("weekly", TimeSpan.FromDays(3), TimeSpan.FromDays(8));
    public static readonly Checklist Monthly = new("monthly", TimeSpan.FromDays(7), TimeSpan.FromDays(32));
    public static readonly Checklist Quarterly = new("quarterly", TimeSpan.FromDays(21), TimeSpan.FromDays(93));

    /// <summary>The period that a local date is in: 2026-03-02, 2026-W10, 2026-03, 2026-Q1.</summary>
    public string PeriodOf(DateTime local) => Name switch
    {
        "daily" => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "weekly" => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(local)}-W{ISOWeek.GetWeekOfYear(local):00}"),
        "monthly" => local.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{local.Year}-Q{(local.Month + 2) / 3}"),
    };
}
