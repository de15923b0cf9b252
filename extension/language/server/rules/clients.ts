import type { ImportedName } from './syntax/moduleCode.ts';

/* Packages whose objects hold connections or credentials and are meant to live as long as their instance. */

/** How a package makes a client: `new Name()`, or `name()`. */
interface ClientMaker {
  module: RegExp;
  /** Names of classes; those of `import x` are `default` and `*`. */
  constructed?: RegExp;
  /** Names of functions that connect or make a client. */
  called?: RegExp;
}

const whole = '(?:default|\\*)';

const makers: ClientMaker[] = [
  {
    module: /^@aws-sdk\/client-/,
    // `S3Client`, and `S3` with all commands as methods; `PutObjectCommand` and `…Exception` are no clients.
    constructed: /^(?:\w+Client|(?!\w*(?:Command|Exception|Error|Paginator)$)[A-Z]\w*)$/,
  },
  { module: /^@aws-sdk\/lib-dynamodb$/, called: /^DynamoDBDocument(?:Client)?\.from$/ },
  {
    module: /^aws-sdk(?:$|\/clients\/|\/global$)/,
    constructed: new RegExp(
      `^(?:DynamoDB\\.DocumentClient|DocumentClient|${whole}|(?!\\w*(?:Credentials|Config|Endpoint|HttpRequest|HttpClient|Request|Service|Error)$)[A-Z]\\w+)$`,
    ),
  },
  { module: /^pg$/, constructed: /^(?:Client|Pool)$/ },
  { module: /^mysql2?(?:\/promise)?$/, called: /^create(?:Connection|Pool|PoolCluster)$/ },
  { module: /^mongodb$/, constructed: /^MongoClient$/, called: /^MongoClient\.connect$/ },
  { module: /^mongoose$/, called: /^(?:connect|createConnection)$/ },
  { module: /^ioredis$/, constructed: new RegExp(`^(?:${whole}|Redis|Cluster)$`) },
  { module: /^redis$/, called: /^create(?:Client|Cluster)$/ },
  { module: /^(?:knex|postgres)$/, called: new RegExp(`^(?:${whole}|knex)$`) },
  { module: /^(?:sequelize)$/, constructed: new RegExp(`^(?:${whole}|Sequelize)$`) },
  { module: /^typeorm$/, constructed: /^DataSource$/, called: /^createConnections?$/ },
  { module: /^@prisma\/client$/, constructed: /^PrismaClient$/ },
  { module: /^cassandra-driver$/, constructed: /^Client$/ },
  { module: /^amqplib$/, called: /^connect$/ },
  { module: /^kafkajs$/, constructed: /^Kafka$/ },
  { module: /^@(?:elastic\/elasticsearch|opensearch-project\/opensearch)$/, constructed: /^Client$/ },
  { module: /^(?:ali-oss|tablestore)$/, constructed: new RegExp(`^(?:${whole}|Client|STS)$`) },
  { module: /^@alicloud\/fc2?$/, constructed: new RegExp(`^${whole}$`) },
  { module: /^nodemailer$/, called: /^createTransport$/ },
  { module: /^(?:openai|stripe)$/, constructed: new RegExp(`^(?:${whole}|OpenAI|Stripe)$`) },
  {
    module: /^@google-cloud\//,
    constructed:
      /^(?:Storage|BigQuery|PubSub|Firestore|Datastore|Spanner|SecretManagerServiceClient|CloudTasksClient)$/,
  },
];

/** Whether `new x` or `x()` makes a client that should outlive an invocation. */
export function makesClient({ module, name }: ImportedName, how: 'constructed' | 'called'): boolean {
  const plain = name.replace(/^default\./, '');
  return makers.some((maker) => maker.module.test(module) && maker[how]?.test(plain) === true);
}
