metadata description = 'A network in which the app reaches its storage, vault and database by private addresses.'

import { tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap

@description('Room for the app and its private endpoints; /24 is plenty.')
param addressPrefix string

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          // Half of the room: Flex Consumption takes an address per instance.
          addressPrefix: cidrSubnet(addressPrefix, 25, 0)
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: cidrSubnet(addressPrefix, 25, 1), privateEndpointNetworkPolicies: 'Disabled' }
      }
    ]
  }
}

output id string = network.id
output appSubnetId string = '${network.id}/subnets/app'
output endpointSubnetId string = '${network.id}/subnets/endpoints'
