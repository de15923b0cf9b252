const carriers = ['Gull', 'Heron'];

/** Announces the parcels of a batch. Only those that failed come again: the others are done. */
exports.announce = async ({ Records }) => {
  const failed = [];
  for (const { messageId, body } of Records) {
    try {
      announceParcel(JSON.parse(body));
    } catch (error) {
      console.error(error.message);
      failed.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failed };
};

function announceParcel({ parcel, carrier }) {
  if (!carriers.includes(carrier)) throw new Error(`${parcel}: no carrier "${carrier}"`);
  console.log(`${parcel} goes with ${carrier}`);
}

/** Lists new labels; every evening the list is closed, with none. */
exports.closingList = async ({ Records = [] }) => ({
  labels: Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' '))),
});
