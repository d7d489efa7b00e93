metadata description = 'The operations database on a PostgreSQL Flexible Server of its own.'

import { postgresSku, tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap
param sku postgresSku

@allowed(['14', '15', '16', '17'])
param version string

@minValue(32)
param storageGb int

param backupDays int

@description('Copies of the backups in the paired region as well. Cannot be changed later.')
param geoRedundantBackup bool

param administrator string

@description('False on a later deployment: the password stays as it is.')
param setPassword bool

@secure()
param password string

@description('False: reached by private endpoints only.')
param isPublic bool

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: startsWith(sku, 'Standard_B') ? 'Burstable' : 'GeneralPurpose'
  }
  properties: {
    version: version
    administratorLogin: administrator
    administratorLoginPassword: setPassword ? password : null
    authConfig: { passwordAuth: 'Enabled', activeDirectoryAuth: 'Disabled' }
    storage: { storageSizeGB: storageGb, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: backupDays, geoRedundantBackup: geoRedundantBackup ? 'Enabled' : 'Disabled' }
    highAvailability: { mode: 'Disabled' }
    network: { publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled' }
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: server
  name: 'whatsops'
  properties: { charset: 'UTF8', collation: 'en_US.utf8' }
}

resource tls 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = {
  parent: server
  name: 'ssl_min_protocol_version'
  properties: { value: 'TLSv1.2', source: 'user-override' }
  dependsOn: [database]
}

// The app has no address of its own without a network: 0.0.0.0 stands for everything inside Azure, of any customer. TLS and the password guard it then.
resource fromAzure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = if (isPublic) {
  parent: server
  name: 'azure-services'
  properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
  dependsOn: [tls]
}

output id string = server.id
output host string = server.properties.fullyQualifiedDomainName
output database string = database.name
