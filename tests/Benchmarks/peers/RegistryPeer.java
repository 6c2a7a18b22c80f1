// The registry's work on Java's Cleaner: java -Xms4g -Xmx8g RegistryPeer.java
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
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
        for (int i = 0; i < COUNT; i++) cleaner.register(targets[i], new Action(i));
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
                for (int i = thread * share; i < (thread + 1) * share; i++) cleaner.register(targets[i], new Action(i));
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
        // Compiled before it is measured, as the other peers are.
        Object kept = new Object();
        for (int i = 0; i < 50_000; i++) cleaner.register(kept, new Action(i)).clean();
        calls = 0;

        Object[] targets = makeTargets();
        System.gc();
        report("gen2_empty_ms", pause());
        long before = used();
        report("register_cold_ns", register(targets));
        System.gc();
        report("bytes_managed", (used() - before) / (double) COUNT);
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
        for (int i = 0; i < COUNT; i++) handles[i] = cleaner.register(targets[i], new Action(i));
        start = System.nanoTime();
        for (int i = 0; i < COUNT; i++) handles[i].clean();
        report("unregister_ns", (System.nanoTime() - start) / (double) COUNT);
        Reference.reachabilityFence(targets);
        targets = null;
        handles = null;
        System.gc();

        int wanted = calls + CHURN_COUNT;
        start = System.nanoTime();
        for (int i = 0; i < CHURN_COUNT; i++) cleaner.register(new Target(), new Action(i));
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
