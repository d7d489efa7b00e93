using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Findings;

namespace WhatsOps.Runbooks;

/// <summary>
/// Registers the runbooks, what carries them out, and what starts them. Two settings are for tests and simulations only: <c>RunbookTimeScale</c>
/// (0.01 makes every wait of a run a hundred times shorter) and <c>WHATSOPS_CRASH_AT</c> (see <see cref="CrashAt"/>).
/// </summary>
public static class RunbooksServices
{
    public static IServiceCollection AddRunbooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Runbook, CleanOrphans>().AddSingleton<CleanOrphansActions>();
        services.AddSingleton<Runbook, CreateInstance>().AddSingleton<CreateInstanceActions>();
        services.AddSingleton<Runbook, FixIsolation>().AddSingleton<FixIsolationActions>();
        services.AddSingleton<Runbook, Reauthenticate>().AddSingleton<ReauthenticateActions>().AddSingleton<PairingSteps>();
        services.AddSingleton<Runbook, MigrateInstance>().AddSingleton<MigrateInstanceActions>().AddSingleton<MigrationTargets>().AddSingleton<ProductKeys>();
        services.AddSingleton<Runbook, Reconnect>();
        services.AddSingleton<Runbook, RecoverInstance>().AddSingleton<RecoverInstanceActions>();
        services.AddSingleton<Runbook, RepairWebhook>().AddSingleton<RepairWebhookActions>();
        services.AddSingleton<Runbook, ResetIntegration>().AddSingleton<ResetIntegrationActions>();
        services.AddSingleton<Runbook, RestartInstance>();
        services.AddSingleton<Runbook, SaveIntegration>().AddSingleton<SaveIntegrationActions>();
        services.AddSingleton<Runbook, WaitForStability>().AddSingleton<WaitForStabilityActions>();
        services.AddSingleton<PairingCodes>().AddSingleton<InstanceSteps>().AddSingleton<ConnectionSteps>().AddSingleton<WebhookSteps>().AddSingleton<IntegrationSteps>().AddSingleton<ProofSteps>().AddSingleton<TenantSteps>();
        services.AddSingleton<RunbookCatalogue>();
        services.TryAddSingleton(new RunbookPatience { TimeScale = configuration.GetValue("RunbookTimeScale", 1.0) });
        services.TryAddSingleton<IFaultPoints>(new CrashAt(configuration["WHATSOPS_CRASH_AT"]));
        services.AddSingleton<RunStore>().AddSingleton<RunLocks>().AddSingleton<RunTurns>().AddSingleton<StepJournal>();
        services.AddSingleton<EvidenceWriter>().AddSingleton<RunEnding>().AddSingleton<StepExecutor>();
        services.AddSingleton<TargetResolver>().AddSingleton<RunPlans>().AddSingleton<RunMotors>().AddSingleton<RunNotices>().AddSingleton<RunExpiry>().AddSingleton<RunDesk>().AddSingleton<LiveQr>();
        services.AddSingleton<PairingLinks>().AddSingleton<PairingDesk>().AddSingleton<PairingLimit>();
        services.AddSingleton<RemedyFreshness>().AddSingleton<RemedyRefusals>();
        services.AddSingleton<RunReconciler>().AddSingleton<RemedyDispatcher>().AddSingleton<IAttemptedRemedies, AttemptedRemedies>();
        services.AddSingleton(RunGauges.Open).AddSingleton(provider => RunGauges.Stuck(provider.GetRequiredService<RunbookPatience>()));
        return services;
    }
}
