# Takes orders as confluent-kafka for Python: python3 confluent.py ADDRESS [LOGIN]

import json
import sys
import threading

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

ADDRESS = {"bootstrap.servers": sys.argv[1]}
if len(sys.argv) > 2:
    login = json.loads(sys.argv[2])
    ADDRESS.update({
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": login["mechanism"],
        "sasl.username": login["user"],
        "sasl.password": login["password"],
        "ssl.ca.location": login["caFile"],
    })
lock = threading.Lock()


def say(said):
    with lock:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


def consumer_of(group):
    return Consumer({
        **ADDRESS,
        "group.id": group,
        "session.timeout.ms": 6000,
        "heartbeat.interval.ms": 200,
        "auto.offset.reset": "earliest",
        "fetch.wait.max.ms": 100,
        "enable.auto.commit": True,
    })


def send_all(producer, topic, values):
    failures = []

    def hear(error, _message):
        if error is not None:
            failures.append(str(error))

    for value in values:
        producer.produce(topic, key=value, value=value, on_delivery=hear)
    left = producer.flush(20)
    if failures or left:
        raise RuntimeError(failures[0] if failures else "not all was delivered")


class Orders:
    def __init__(self):
        self.admin = AdminClient(ADDRESS)
        self.producer = None
        self.reader = None
        self.leaving = threading.Event()

    def create(self, topic, partitions):
        self.admin.create_topics([NewTopic(topic, partitions, 1)])[topic].result()

    def send(self, order):
        producer = Producer({
            **ADDRESS,
            "compression.type": order.get("compression", "none"),
            "enable.idempotence": order.get("idempotent", False),
            "linger.ms": 5,
        })
        send_all(producer, order["topic"], order["values"])

    def read(self, group, topic):
        consumer = consumer_of(group)

        def assigned(_consumer, partitions):
            say({"said": "has", "partitions": len(partitions)})

        def revoked(_consumer, _partitions):
            say({"said": "has", "partitions": 0})

        consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked)

        def run():
            while not self.leaving.is_set():
                message = consumer.poll(0.1)
                if message is None or message.error():
                    continue
                value = message.value().decode()
                say({"said": "saw", "partition": message.partition(), "value": value})
            consumer.close()

        self.reader = threading.Thread(target=run)
        self.reader.start()

    def leave(self):
        self.leaving.set()
        self.reader.join()

    def since(self, topic, time_ms, count):
        consumer = consumer_of("since-%d" % time_ms)
        found = consumer.offsets_for_times([TopicPartition(topic, 0, time_ms)], 10)
        consumer.assign(found)
        seen = []
        while len(seen) < count:
            message = consumer.poll(0.1)
            if message is not None and not message.error():
                seen.append(message.value().decode())
        consumer.close()
        return seen

    def begin(self, transactional_id):
        if self.producer is None:
            self.producer = Producer({**ADDRESS, "transactional.id": transactional_id})
            self.producer.init_transactions(20)
        self.producer.begin_transaction()

    def put(self, topic, values):
        send_all(self.producer, topic, values)

    def offset(self, group, topic, offset):
        consumer = consumer_of(group)
        where = [TopicPartition(topic, 0, offset)]
        self.producer.send_offsets_to_transaction(where, consumer.consumer_group_metadata(), 20)
        consumer.close()

    def commit(self):
        self.producer.commit_transaction(20)

    def abort(self):
        self.producer.abort_transaction(20)

    def committed(self, group, topic):
        consumer = consumer_of(group)
        found = consumer.committed([TopicPartition(topic, 0)], 10)
        consumer.close()
        return max(-1, found[0].offset)

    def topics(self):
        return list(self.admin.list_topics(timeout=10).topics.keys())

    def setting(self, topic, name):
        resource = ConfigResource("topic", topic)
        return self.admin.describe_configs([resource])[resource].result()[name].value

    def groups(self):
        return [group.id for group in self.admin.list_groups(timeout=10)]

    def remove(self, topic):
        self.admin.delete_topics([topic])[topic].result()


orders = Orders()
for line in sys.stdin:
    order = json.loads(line)
    try:
        value = getattr(orders, order["name"])(*order["args"])
        say({"number": order["number"], "value": value})
    except (KafkaException, RuntimeError) as error:
        say({"number": order["number"], "error": str(error)})
orders.leaving.set()
