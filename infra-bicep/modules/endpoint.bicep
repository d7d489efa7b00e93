metadata description = 'A private address for one service, and the name by which it is found there.'

import { tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap
param subnetId string

@description('The service.')
param serviceId string

@description('The part of the service: blob, queue, table, vault, postgresqlServer.')
param part string

@description('The private DNS zone of that part; one zone serves every service of its kind in the network.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: name, properties: { privateLinkServiceId: serviceId, groupIds: [part] } }
    ]
  }

  resource zone 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: part, properties: { privateDnsZoneId: zoneId } }] }
  }
}
