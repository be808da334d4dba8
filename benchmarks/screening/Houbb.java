import com.github.houbb.sensitive.word.bs.SensitiveWordBs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** houbb/sensitive-word over a file of terms and one of texts, for run.py: prints one JSON object. Only the given terms, the library's defaults else. */
public class Houbb {
    public static void main(String[] files) throws Exception {
        List<String> terms = Files.readAllLines(Path.of(files[0])), posts = Files.readAllLines(Path.of(files[1]));
        long before = used(), begun = System.nanoTime();
        SensitiveWordBs words = SensitiveWordBs.newInstance().wordDeny(() -> terms).wordAllow(List::of).init();
        double built = seconds(begun);
        long memory = used() - before, hits = 0;
        double best = Double.MAX_VALUE;
        for (int run = 0; run < 4; run++) { // the first ones warm the compiler up
            hits = 0;
            begun = System.nanoTime();
            for (String post : posts) hits += words.findAll(post).size();
            best = Math.min(best, seconds(begun));
        }
        System.out.printf("{\"scan_s\": %f, \"build_s\": %f, \"mb\": %f, \"hits\": %d}%n", best, built, memory / 1e6, hits);
    }

    private static double seconds(long begun) { return (System.nanoTime() - begun) / 1e9; }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
