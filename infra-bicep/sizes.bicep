metadata description = 'What the database can take, and how many instances of the app fit on it.'

@export()
@description('Connections that a server of this size leaves to its users: its default max_connections less the 15 that Azure keeps (Limits in Azure Database for PostgreSQL).')
var userConnections = {
  Standard_B2s: 414
  Standard_B2ms: 844
  Standard_D2ds_v5: 844
  Standard_D4ds_v5: 1703
  Standard_D8ds_v5: 3422
}

@export()
@description('Connections kept free: the migration, a dump with its counter on each side, and two people.')
var reservedConnections = 10

@export()
@description('Instances, when as many with pools of this size fit; a failed deployment that says what fits, when not.')
func fitting(instances int, pool int, connections int) int =>
  instances * pool + reservedConnections <= connections
    ? instances
    : fail('maximumInstances ${instances} x poolSize ${pool} + ${reservedConnections} reserved is more than the ${connections} connections of the database. Fix: at most ${(connections - reservedConnections) / pool} instances, a smaller pool, or a larger server.')
