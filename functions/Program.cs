using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WhatsOps.Alerts;
using WhatsOps.Audits;
using WhatsOps.Blobs;
using WhatsOps.Checklists;
using WhatsOps.Console;
using WhatsOps.Database;
using WhatsOps.Diagnosis;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Privacy;
using WhatsOps.Reports;
using WhatsOps.Retention;
using WhatsOps.Routines;
using WhatsOps.Runbooks;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemMiddleware>();

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHttpClient();
builder.Services.AddDatabase(builder.Configuration);
builder.Services.AddBlobs(builder.Configuration);
builder.Services.AddFleet();
// A process without a fleet ends: here, not in AddFleet, because it is the process that ends.
builder.Services.AddHostedService<FirstFleet>();
builder.Services.AddGateways();
builder.Services.AddInstances();
builder.Services.AddEvents(builder.Configuration);
builder.Services.AddFindings();
builder.Services.AddRoutines();
builder.Services.AddHealth();
builder.Services.AddAudits();
builder.Services.AddAlerts();
builder.Services.AddRunbooks(builder.Configuration);
builder.Services.AddRetention();
builder.Services.AddReports();
builder.Services.AddChecklists();
builder.Services.AddPrivacy();
builder.Services.AddDiagnosis();
builder.Services.AddConsole();

builder.Build().Run();
