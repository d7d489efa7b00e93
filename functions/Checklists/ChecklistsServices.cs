using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Routines;

namespace WhatsOps.Checklists;

/// <summary>Registers the manual's checklists, the tasks of people, and the emergency procedure.</summary>
public static class ChecklistsServices
{
    public static IServiceCollection AddChecklists(this IServiceCollection services) => services
        .AddSingleton<TaskStore>().AddSingleton<TaskDesk>().AddSingleton<TaskClock>().AddSingleton<EvidenceCollector>().AddSingleton<Emergency>()
        .AddSingleton<IRoutine, DailyChecklist>().AddSingleton<IRoutine, WeeklyChecklist>().AddSingleton<IRoutine, MonthlyChecklist>().AddSingleton<IRoutine, QuarterlyChecklist>();
}
