using 'main.bicep'

// A trial: small, public, nothing waits for webhooks, one copy of everything.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'brazilsouth')
param deployerId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param setDatabasePassword = readEnvironmentVariable('WHATSOPS_DATABASE_PASSWORD_SET', 'no') != 'yes'
param budgetStart = readEnvironmentVariable('WHATSOPS_BUDGET_START', '')
param durableBackend = readEnvironmentVariable('DurableBackend', 'AzureStorage')

param alertEmails = split(readEnvironmentVariable('WHATSOPS_ALERT_EMAILS', 'ops@example.com'), ',')
param fleetSecrets = filter(split(readEnvironmentVariable('WHATSOPS_FLEET_SECRETS', ''), ','), name => !empty(name))

param postgresSize = 'Standard_B2s'
param poolSize = 10
param maximumInstances = 40
param instanceMemoryMB = 512
param alwaysReadyHttp = 0
param dataRedundancy = 'Standard_LRS'
param monthlyBudget = int(readEnvironmentVariable('WHATSOPS_MONTHLY_BUDGET', '100'))
