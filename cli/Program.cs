return await WhatsOps.Cli.CommandLine.RunAsync(args);
