// The registry's work on Java's Cleaner: java -Xms4g -Xmx8g RegistryPeer.java
// With the argument "phantom" on a queue of PhantomReferences written by hand.
import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Locale;

public class RegistryPeer {
    static final int COUNT = 1_000_000;
    static final int CHURN_COUNT = 3_000_000;
    static final Cleaner cleaner = Cleaner.create();
    // Written by the cleaner's one thread.
    static volatile int calls;

    static final class Target {
        long a, b;
    }

    record Action(int held) implements Runnable {
        @Override
        public void run() {
            calls++;
        }
    }

    static boolean isByHand;
    static final ReferenceQueue<Object> queue = new ReferenceQueue<>();
    static final Node first = new Node(new Object(), -1);

    // Those that are alive are a list, or they would be collected themselves.
    static final class Node extends PhantomReference<Object> implements Cleaner.Cleanable {
        final int held;
        Node previous, next;

        Node(Object target, int held) {
            super(target, queue);
            this.held = held;
        }

        @Override
        public void clean() {
            clear();
            unlink(this);
        }
    }

    static synchronized void link(Node node) {
        node.previous = first;
        node.next = first.next;
        if (node.next != null) node.next.previous = node;
        first.next = node;
    }

    static synchronized boolean unlink(Node node) {
        if (node.previous == null) return false;
        node.previous.next = node.next;
        if (node.next != null) node.next.previous = node.previous;
        node.previous = null;
        return true;
    }

    static void runQueue() {
        try {
            while (true) {
                if (queue.remove() instanceof Node node && unlink(node)) calls++;
            }
        } catch (InterruptedException exception) {
            // The end.
        }
    }

    static Cleaner.Cleanable watch(Object target, int held) {
        if (!isByHand) return cleaner.register(target, new Action(held));
        Node node = new Node(target, held);
        link(node);
        return node;
    }

    static Object[] makeTargets() {
        Object[] targets = new Object[COUNT];
        for (int i = 0; i < COUNT; i++) targets[i] = new Target();
        return targets;
    }

    static void report(String name, double value) {
        System.out.println(String.format(Locale.ROOT, "%s %.4f", name, value));
    }

    static double register(Object[] targets) {
        long start = System.nanoTime();
        for (int i = 0; i < COUNT; i++) watch(targets[i], i);
        return (System.nanoTime() - start) / (double) COUNT;
    }

    static double registerOnThreads(Object[] targets, int count) throws InterruptedException {
        long[] starts = new long[count], ends = new long[count];
        Thread[] threads = new Thread[count];
        java.util.concurrent.CyclicBarrier barrier = new java.util.concurrent.CyclicBarrier(count);
        for (int t = 0; t < count; t++) {
            int thread = t, share = COUNT / count;
            threads[t] = new Thread(() -> {
                try {
                    barrier.await();
                } catch (Exception exception) {
                    throw new RuntimeException(exception);
                }
                starts[thread] = System.nanoTime();
                for (int i = thread * share; i < (thread + 1) * share; i++) watch(targets[i], i);
                ends[thread] = System.nanoTime();
            });
            threads[t].start();
        }
        long start = Long.MAX_VALUE, end = 0;
        for (int t = 0; t < count; t++) {
            threads[t].join();
            start = Math.min(start, starts[t]);
            end = Math.max(end, ends[t]);
        }
        return (end - start) / (double) COUNT;
    }

    static void reach(int wanted) throws InterruptedException {
        while (calls < wanted) Thread.sleep(0, 100_000);
    }

    static double pause() {
        double[] times = new double[7];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            System.gc();
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        java.util.Arrays.sort(times);
        return times[times.length / 2];
    }

    static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    public static void main(String[] args) throws InterruptedException {
        isByHand = args.length > 0 && args[0].equals("phantom");
        Thread reader = new Thread(RegistryPeer::runQueue);
        reader.setDaemon(true);
        reader.start();
        // Compiled, all the way, before it is measured.
        Object kept = new Object();
        for (int round = 0; round < 10; round++) {
            Object[] early = new Object[100_000];
            for (int i = 0; i < early.length; i++) early[i] = new Target();
            int wanted = calls + early.length;
            for (int i = 0; i < early.length; i++) watch(early[i], i);
            for (int i = 0; i < early.length; i++) watch(kept, i).clean();
            early = null;
            System.gc();
            reach(wanted);
        }
        calls = 0;

        Object[] targets = makeTargets();
        System.gc();
        report("gen2_empty_ms", pause());
        long before = used();
        report("register_cold_ns", register(targets));
        System.gc();
        if (!isByHand) report("bytes_managed", (used() - before) / (double) COUNT);
        report("gen2_1M_ms", pause());
        targets = null;
        long start = System.nanoTime();
        System.gc();
        reach(COUNT);
        report("callbacks_M_per_s", COUNT / ((System.nanoTime() - start) / 1e3));

        targets = makeTargets();
        report("register_warm_ns", register(targets));
        int all = calls + COUNT;
        targets = null;
        System.gc();
        reach(all);

        targets = makeTargets();
        Cleaner.Cleanable[] handles = new Cleaner.Cleanable[COUNT];
        for (int i = 0; i < COUNT; i++) handles[i] = watch(targets[i], i);
        start = System.nanoTime();
        for (int i = 0; i < COUNT; i++) handles[i].clean();
        report("unregister_ns", (System.nanoTime() - start) / (double) COUNT);
        Reference.reachabilityFence(targets);
        targets = null;
        handles = null;
        System.gc();

        int wanted = calls + CHURN_COUNT;
        start = System.nanoTime();
        for (int i = 0; i < CHURN_COUNT; i++) watch(new Target(), i);
        while (calls < wanted) {
            System.gc();
            Thread.sleep(20);
        }
        report("churn_ns", (System.nanoTime() - start) / (double) CHURN_COUNT);

        targets = makeTargets();
        report("register_1_thread_ns", registerOnThreads(targets, 1));
        Object[] second = makeTargets();
        report("register_2_threads_ns", registerOnThreads(second, 2));
        wanted = calls + 2 * COUNT;
        targets = second = null;
        System.gc();
        reach(wanted);
        Reference.reachabilityFence(kept);
    }
}
