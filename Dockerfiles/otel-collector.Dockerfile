# The collector's image is made from nothing: no shell, no client for a health check, no folder
# that its user may write to. This adds the last two.
ARG COLLECTOR_VERSION=0.159.0

FROM busybox:1.38.0-musl AS busybox
RUN mkdir -p /out/var/lib/otelcol/file_storage

FROM otel/opentelemetry-collector-contrib:${COLLECTOR_VERSION}
COPY --from=busybox /bin/busybox /bin/wget
COPY --from=busybox --chown=10001:10001 /out/ /
