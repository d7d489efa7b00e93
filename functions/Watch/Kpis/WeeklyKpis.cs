namespace WhatsOps.Watch;

/// <summary>The week's review: seven whole days up to the night before.</summary>
internal sealed class WeeklyKpis(KpiSources sources) : KpiRoutine(sources)
{
    private const int Week = 7;

    public override string Name => "weekly-kpis";

    public override string Summary => "Reviews availability, latency, throughput, errors, resources and capacity of the last seven days";

    public override string DefaultSchedule => "0 9 * * 1";

    protected override (DateTime From, DateTime To) Days(DateTime today) => (today.AddDays(-Week), today);
}
