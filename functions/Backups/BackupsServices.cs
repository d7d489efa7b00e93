using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Diagnosis;
using WhatsOps.Health;
using WhatsOps.Routines;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>Registers backups: making, keeping, proving. Setting <c>PostgresClients</c>: folder of pg_dump and psql, where they are not found.</summary>
public static class BackupsServices
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<BackupCatalogue>().AddSingleton<CatalogueRebuild>().AddSingleton<BackupDesk>().AddSingleton<BackupNews>();
        services.AddSingleton<PgClients>().AddSingleton<PgRestore>().AddSingleton<BackupSources>();
        services.AddSingleton<SealedBlobs>().AddSingleton<PartWriter>().AddSingleton<PartReader>().AddSingleton<BackupMaker>();
        services.AddSingleton<BackupPruning>().AddSingleton<RestoreTest>().AddSingleton<SetVerification>().AddSingleton<DatabaseRestore>().AddSingleton<InstanceCensus>();
        services.AddSingleton<IPartRestorer, FleetRestorer>().AddSingleton<IPartRestorer, RedisRestorer>().AddSingleton<IPartRestorer, FilesRestorer>().AddSingleton<IPartRestorer, ObjectsRestorer>().AddSingleton<PartRestorers>().AddSingleton<ObjectVault>().AddSingleton<ObjectPruning>();
        services.AddSingleton<Runbook, RestoreDatabase>().AddSingleton<RestoreDatabaseActions>().AddSingleton<Runbook, RestorePart>().AddSingleton<RestorePartActions>();
        services.AddSingleton<KeyCopies>().AddSingleton<ISystemDoctor, BackupDoctor>().AddSingleton<RestorePlan>().AddSingleton<RestoreProof>().AddSingleton<SafetyBackup>().AddSingleton<ProductServices>();
        services.AddSingleton<IAfterSweep, BackupWatch>().AddSingleton(BackupGauges.VerifiedAge);
        services.AddSingleton<IRoutine, BackupRoutine>().AddSingleton<IRoutine, RestoreTestRoutine>().AddSingleton<IRoutine, BackupRetentionRoutine>();
        return services;
    }
}
