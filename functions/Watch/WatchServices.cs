using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WhatsOps.Database;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Watch;

/// <summary>Registers the looks at everything around the gateways: probes, samples, rules.</summary>
public static class WatchServices
{
    public static IServiceCollection AddWatch(this IServiceCollection services)
    {
        services.TryAddSingleton<DayPartitions>();
        return services
            .AddSecretHttpClient(nameof(WatchHttp))
            .AddSingleton<WatchHttp>()
            .AddSingleton<IProbe, HttpProbe>()
            .AddSingleton<TargetVersions>()
            .AddSingleton<IProbe, PostgresProbe>()
            .AddSingleton<IProbe, ContainerProbe>()
            .AddSingleton<IProbe, SiteProbe>()
            .AddSingleton<IProbe, HostProbe>()
            .AddSingleton<IProbe, SshProbe>()
            .AddSingleton<IProbe, RedisProbe>()
            .AddSingleton<IProbe, RabbitMqProbe>()
            .AddSingleton<IProbe, GuardProbe>()
            .AddSingleton<IProbe, PrometheusProbe>()
            .AddSingleton<AlertmanagerStore>()
            .AddSingleton<IProbe, AlertmanagerProbe>()
            .AddSingleton<IProbe, DefaultLoginProbe>()
            .AddSingleton<IProbe, RenewalProbe>()
            .AddSingleton<IProbe, ReleaseProbe>()
            .AddSingleton<InstanceTables>()
            .AddSingleton<DashboardReader>()
            .AddSingleton<LogCursors>()
            .AddSingleton<ContainerLogs>().AddSingleton<RecentErrors>()
            .AddSingleton<FileContent>()
            .AddSingleton<FileCursors>()
            .AddSingleton<LogFileReader>()
            .AddSingleton<LogTallies>()
            .AddSingleton<LogReviews>()
            .AddSingleton<IProbe, LogFileProbe>()
            .AddSingleton<IProbe, LogFolderProbe>()
            .AddSingleton<IProbe, EngineProbe>()
            .AddSingleton<IProbe, FileProbe>()
            .AddSingleton(new WatchNetwork())
            .AddSingleton<WatchStore>()
            .AddSingleton<SampleStore>()
            .AddSingleton<TargetFindings>()
            .AddSingleton<ContainerProcesses>()
            .AddSingleton<MemoryInspector>()
            .AddSingleton<RuleJudge>()
            .AddSingleton<Watcher>()
            .AddSingleton<WatchBoard>()
            .AddSingleton<KpiReader>().AddSingleton<KpiReview>().AddSingleton<CapacityReader>().AddSingleton<SlaFindings>().AddSingleton<KpiSources>()
            .AddSingleton<IRoutine, MorningCheck>()
            .AddSingleton<IRoutine, EveningCheck>()
            .AddSingleton<IRoutine, WeeklyKpis>()
            .AddSingleton<IRoutine, MonthlyKpis>();
    }
}
