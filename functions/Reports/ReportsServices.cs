using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Routines;

namespace WhatsOps.Reports;

/// <summary>Registers the reports and the routines that make them.</summary>
public static class ReportsServices
{
    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.AddSingleton<CallReader>().AddSingleton<InstanceReader>().AddSingleton<ActivityReader>().AddSingleton<ProductReader>();
        services.AddSingleton<ReportArchive>().AddSingleton<PerformanceFindings>();
        Add<PerformanceMaker, PerformanceReportRoutine>();
        Add<UsageMaker, UsageReportRoutine>();
        Add<WeeklyMaker, WeeklyReportRoutine>();
        Add<MonthlyMaker, MonthlyReportRoutine>();
        return services;

        void Add<TMaker, TRoutine>()
            where TMaker : class, IReportMaker
            where TRoutine : class, IRoutine =>
            services.AddSingleton<TMaker>().AddSingleton<IReportMaker>(provider => provider.GetRequiredService<TMaker>()).AddSingleton<IRoutine, TRoutine>();
    }
}
